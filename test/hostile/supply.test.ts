import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** Classes 1, 18 and 20, as far as they can be seen in the source itself. */
const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const sources = globSync('src/**/*.ts', { cwd: root }).filter((path) => !/\.(test|fixture)\.ts$/.test(path));

it('class 1: no program is started through a shell', () => {
  for (const path of sources) {
    const text = read(path);
    const isShell =
      /shell: ?(true|['"`])|import \{[^}]*\b(exec|execSync)\b[^}]*\} from 'node:child_process'/.test(text);
    expect([path, isShell]).toEqual([path, false]);
    expect([path, /\beval\(|new Function\(/.test(text)]).toEqual([path, false]);
  }
});

it('class 18: every dependency is pinned, locked with a digest, and few reach the product', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
    string,
    Record<string, string>
  >;
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
    expect([name, /^\d+\.\d+\.\d+$/.test(version)]).toEqual([name, true]);
  }
  expect(Object.keys(dependencies!).length).toBeLessThanOrEqual(14);
  const lock = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, { integrity?: string; resolved?: string; link?: boolean }>;
  };
  for (const [path, { integrity }] of Object.entries(lock.packages)) {
    if (path !== '') expect([path, integrity?.startsWith('sha512-')]).toEqual([path, true]);
  }
});

it('class 18: nothing is run at installation', () => {
  const installers = [read('meshwright'), read('packaging/install.sh')].join('\n');
  const commands = installers.match(/npm (ci|install)[^\n]*/g) ?? [];
  expect(commands.length).toBeGreaterThan(0);
  for (const command of commands) expect(command).toContain('--ignore-scripts');
});

it('class 20: secrets are compared in constant time or by their digest', () => {
  for (const path of sources.filter((one) => /src\/(access|keyset|mesh|controller|api)\//.test(one))) {
    const suspicious =
      /(password|secret|proof|digest|token) (===|!==) (?!null|undefined|''|before|'|principal)/i.exec(
        read(path),
      );
    expect([path, suspicious?.[0]]).toEqual([path, undefined]);
  }
});
