import { dirname } from 'node:path';

/** Every file that Node is started with, as a process or as a thread, and where its source is. */
export const programs = {
  cli: 'cli/main.ts',
  announce: 'cli/serve/announce.ts',
  controller: 'controller/main.ts',
  'keyset-worker': 'keyset/generate-worker.ts',
  'pake-worker': 'keyset/pake-worker.ts',
  applier: 'applier/main.ts',
  sandbox: 'applier/simulation/sandbox.ts',
  sender: 'simulation/sender.ts',
} as const;

export type Program = keyof typeof programs;

/**
 * Where the launcher puts the programs that it builds: one file instead of a thousand small ones, which starts four
 * times as fast and takes 45 MB less. From the repository's root.
 */
export const BUILT = 'dist/server';

const here = import.meta.dirname;
const isBuilt = here.endsWith(`/${BUILT}`);

/** The repository, or the copy of it that was installed. */
export const root: string = isBuilt ? dirname(dirname(here)) : dirname(here);

/** The built file of a program, from the repository's root. */
export const builtFile = (name: Program): string => `${BUILT}/${name}.js`;

/** The file of a program, of the same make as the one that asks. */
export function programFile(name: Program): string {
  return isBuilt ? `${root}/${builtFile(name)}` : `${here}/${programs[name]}`;
}
