import { afterEach, beforeEach, expect, it, vi } from 'vitest';

beforeEach(() => vi.resetModules());
afterEach(() => vi.unstubAllEnvs());

it('are those of the units as long as nobody says otherwise', async () => {
  const { LISTEN_PORT, paths } = await import('./paths.ts');
  expect(LISTEN_PORT).toBe(8000);
  for (const path of Object.values(paths)) expect(path).toMatch(/^\/(var\/lib|run|etc)\/meshwright/);
});

it('of the unprivileged process are under a folder that was named, and those of the applier are not', async () => {
  vi.stubEnv('MESHWRIGHT_FOLDER', '/srv/second');
  vi.stubEnv('MESHWRIGHT_PORT', '0');
  const { LISTEN_PORT, paths } = await import('./paths.ts');
  expect(LISTEN_PORT).toBe(0);
  const moved = Object.entries(paths).filter(([, path]) => path.startsWith('/srv/second/'));
  expect(moved.map(([name]) => name)).toEqual([
    'controllerState',
    'database',
    'applierSocket',
    'controlSocket',
    'authorities',
    'identityAuthorities',
    'dialAllow',
  ]);
});

it.each([
  ['MESHWRIGHT_FOLDER', 'relative'],
  ['MESHWRIGHT_FOLDER', ''],
  ['MESHWRIGHT_PORT', '65536'],
  ['MESHWRIGHT_PORT', '-1'],
])('refuses %s %j', async (name, text) => {
  vi.stubEnv(name, text);
  await expect(import('./paths.ts')).rejects.toThrow(name);
});
