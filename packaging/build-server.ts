import { renameSync, rmSync } from 'node:fs';
import { rolldown } from 'rolldown';
import { BUILT, programs, root } from '../src/programs.ts';

/**
 * Makes one file of each program and the packages that it uses. Nothing is minified, so that a stack trace can be
 * read. The directory is changed over in one step: two launchers at once never see half of it.
 */
const input = Object.fromEntries(
  Object.entries(programs).map(([name, file]) => [name, `${root}/src/${file}`]),
);
const target = `${root}/${BUILT}`;

rmSync(`${target}.new`, { recursive: true, force: true });
const bundle = await rolldown({ input, platform: 'node', logLevel: 'warn' });
await bundle.write({
  dir: `${target}.new`,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
});
await bundle.close();
rmSync(target, { recursive: true, force: true });
renameSync(`${target}.new`, target);
