import { expect, it } from 'vitest';
import { documentedMeshRoutes } from '../api/mesh-routes.ts';
import { buildServer } from '../api/server.ts';
import { testContext } from '../api/test-context.ts';
import { isDecided, lesser, roleAllows } from './roles.ts';

const routes = async () => {
  const { ctx } = await testContext({ meshRoutes: documentedMeshRoutes });
  const { app, routes } = await buildServer(ctx);
  await app.close();
  return routes;
};

it('somebody has decided about every permission of every route', async () => {
  // A new area of permissions? Say in src/access/roles.ts who reads and who writes it.
  expect((await routes()).permissions().filter((permission) => !isDecided(permission))).toEqual([]);
});

it('roles contain each other, and what nobody thought of is for administrators', async () => {
  const permissions = (await routes()).permissions();
  expect(permissions.length).toBeGreaterThan(25);
  for (const permission of permissions) {
    expect(roleAllows('admin', permission)).toBe(true);
    if (roleAllows('viewer', permission))
      expect([permission, roleAllows('operator', permission)]).toEqual([permission, true]);
  }
  for (const unknown of ['new:read', 'new:write', 'constructor:read', '', ':', 'local', 'public']) {
    expect([unknown, roleAllows('operator', unknown)]).toEqual([unknown, false]);
  }
});

it('viewers change nothing but what is their own', async () => {
  const { entries } = await routes();
  const changes = entries.filter(({ method, permission, schema }) => {
    const isChange = method !== 'GET' && method !== 'HEAD' && !schema?.hide;
    return isChange && permission !== 'public' && roleAllows('viewer', permission);
  });
  const others = changes.filter(({ permission }) => !/^(self|session):/.test(permission));
  // A request with a body that only asks. Anything else here needs a permission that writes.
  expect(others.map(({ method, url }) => `${method} ${url}`)).toEqual(['POST /api/mesh/resolve']);
});

it('hands on no more than there is', () => {
  expect(lesser('admin', 'viewer')).toBe('viewer');
  expect(lesser('operator', 'admin')).toBe('operator');
});
