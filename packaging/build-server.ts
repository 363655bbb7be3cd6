import { existsSync, renameSync, rmSync } from 'node:fs';
import { rolldown } from 'rolldown';
import { BUILT, programs, root } from '../src/programs.ts';

/**
 * Makes one file of each program and the packages that it uses. Nothing is minified, so that a stack trace can be
 * read. It is made aside and changed over whole: nobody who starts meanwhile sees half of it.
 */
const input = Object.fromEntries(
  Object.entries(programs).map(([name, file]) => [name, `${root}/src/${file}`]),
);
const target = `${root}/${BUILT}`;

for (const left of ['new', 'old']) rmSync(`${target}.${left}`, { recursive: true, force: true });
const bundle = await rolldown({ input, platform: 'node', logLevel: 'warn' });
await bundle.write({
  dir: `${target}.new`,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
});
await bundle.close();
if (existsSync(target)) renameSync(target, `${target}.old`);
renameSync(`${target}.new`, target);
rmSync(`${target}.old`, { recursive: true, force: true });
