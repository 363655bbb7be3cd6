import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { documentationText } from './documentation.ts';
import { documentedMeshRoutes } from './mesh-routes.ts';
import { OPENAPI_FILE } from './resources/openapi-document.ts';
import { buildServer } from './server.ts';
import { BASIC, testContext } from './test-context.ts';

it('the stored document is that of the code', async () => {
  const fresh = await documentationText(documentedMeshRoutes);
  // When this fails: node src/api/write-openapi.ts
  expect(readFileSync(OPENAPI_FILE, 'utf8') === fresh).toBe(true);
});

it('is served, and names every operation once', async () => {
  const { app } = await buildServer((await testContext()).ctx);
  const response = await app.inject({ url: '/api/openapi.json', headers: { authorization: BASIC } });
  expect(response.headers['content-type']).toMatch(/^application\/json/);
  const document = response.json() as {
    openapi: string;
    paths: Record<string, Record<string, { operationId: string }>>;
  };
  expect(document.openapi).toBe('3.1.0');
  expect(document.paths['/api/peering/peers/{peer_id}']).toHaveProperty('delete');
  expect(document.paths).not.toHaveProperty('/api/container_system');
  const ids = Object.values(document.paths).flatMap((item) =>
    Object.values(item).map(({ operationId }) => operationId),
  );
  expect(new Set(ids).size).toBe(ids.length);
  await app.close();
});
