import { execFileSync } from 'node:child_process';
import { existsSync, globSync, statSync } from 'node:fs';
import { builtFile, root } from '../../../src/programs.ts';

/** What tests start as a process of its own is what a machine would run: built anew when its source has changed. */
export default function build(): void {
  const built = `${root}/${builtFile('controller')}`;
  const age = existsSync(built) ? statSync(built).mtimeMs : 0;
  const sources = globSync(['src/**/*.ts', 'package-lock.json'], { cwd: root });
  if (sources.every((file) => statSync(`${root}/${file}`).mtimeMs < age)) return;
  execFileSync(process.execPath, [`${root}/packaging/build-server.ts`], { stdio: 'inherit' });
}
