import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const page = read('docs/security.md');
const rows = new Map(
  [...page.matchAll(/^\| (\d+) \| [^|]+ \| (.*) \|$/gm)].map((row) => [Number(row[1]), row[2]!]),
);
const hostile = globSync('test/hostile/*.test.ts', { cwd: root });

it('the page has a row for each class of attacks, and every test in it exists', () => {
  expect([...rows.keys()]).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
  for (const [row, text] of rows) {
    const tests = [...text.matchAll(/`((?:hostile|src|test)\/[^`]+)`/g)].map(([, name]) =>
      name!.replace(/^hostile/, 'test/hostile'),
    );
    expect([row, tests.length > 0]).toEqual([row, true]);
    for (const test of tests)
      expect([row, test, existsSync(new URL(`${test}.test.ts`, root))]).toEqual([row, test, true]);
  }
});

it('every class that a hostile test names has that test in its row', () => {
  for (const file of hostile) {
    const name = /([\w-]+)\.test\.ts$/.exec(file)![1]!;
    expect([name, page.includes(`hostile/${name}`)]).toEqual([name, true]);
    for (const [, number] of read(file).matchAll(/['`]class (\d+):/g))
      expect([number, name, rows.get(Number(number))!.includes(`hostile/${name}`)]).toEqual([
        number,
        name,
        true,
      ]);
  }
});

const systemd = (() => {
  try {
    return execFileSync('systemd-analyze', ['--version'], { encoding: 'utf8' });
  } catch {
    return '';
  }
})();

/** Another systemd counts in another way. */
it.runIf(systemd.startsWith('systemd 252 '))('the page tells the scores that the units have', () => {
  const scoreOf = (unit: string) => {
    const path = new URL(`packaging/systemd/meshwright-${unit}.service`, root).pathname;
    const argv = ['security', '--offline=true', '--no-pager', path];
    return /level for \S+: ([\d.]+)/.exec(execFileSync('systemd-analyze', argv, { encoding: 'utf8' }))![1]!;
  };
  const said = page
    .slice(page.indexOf('`systemd-analyze'))
    .split('A controller process')[0]!
    .replace(/\s+/g, ' ');
  for (const [unit, name] of [
    ['controller', 'controller'],
    ['bird', 'BIRD'],
    ['client-watch', 'watcher of clients'],
    ['openvpn', 'OpenVPN'],
    ['link@', 'link'],
    ['applier', 'applier'],
  ] as const)
    expect(said).toContain(`${name} ${scoreOf(unit)}`);
  expect(Number(scoreOf('controller'))).toBeLessThanOrEqual(2);
});
