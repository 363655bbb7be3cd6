import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildServer } from './server.ts';
import { BASIC, testContext } from './test-context.ts';

const root = mkdtempSync(join(tmpdir(), 'meshwright-console-'));
let app: FastifyInstance;

beforeAll(async () => {
  mkdirSync(join(root, 'assets'));
  writeFileSync(join(root, 'index.html'), '<!doctype html><title>console</title>');
  writeFileSync(join(root, 'assets', 'index-abc.js'), 'export {};');
  ({ app } = await buildServer((await testContext({ webRoot: root })).ctx));
});
afterAll(async () => {
  await app.close();
  rmSync(root, { recursive: true });
});

it.each(['/', '/index.html', '/peering', '/links/2', '/apiary'])(
  '%s is the console, without a login',
  async (url) => {
    const response = await app.inject(url);
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toMatch(/^text\/html/);
    expect(response.headers['content-security-policy']).toContain("script-src 'self'");
    expect(response.headers['content-security-policy']).not.toContain('unsafe');
    expect(response.headers['x-content-type-options']).toBe('nosniff');
    expect(response.headers['cache-control']).toBe('no-cache');
  },
);

it('keeps files whose name changes with their content', async () => {
  const response = await app.inject('/assets/index-abc.js');
  expect(response.statusCode).toBe(200);
  expect(response.headers['cache-control']).toContain('immutable');
});

it.each(['/missing.js', '/assets/..%2f..%2fsecret.txt', '/..%2f..%2fetc/passwd.txt'])(
  '%s is not found',
  async (url) => {
    const response = await app.inject(url);
    expect(response.statusCode).toBe(404);
    expect(response.json()).toHaveProperty('error.message');
  },
);

it('never answers an API path with a page', async () => {
  for (const url of ['/api', '/api/', '/api/unknown', '/api/v3/x']) {
    expect((await app.inject(url)).statusCode).toBe(401);
    const response = await app.inject({ url, headers: { authorization: BASIC, accept: 'text/html' } });
    expect([url, response.statusCode]).toEqual([url, 404]);
    expect(response.headers['content-type']).toMatch(/^application\/json/);
  }
  expect((await app.inject({ method: 'POST', url: '/peering' })).statusCode).toBe(404);
});

it('lives without a console that was not built', async () => {
  const { app: bare } = await buildServer((await testContext({ webRoot: '/nonexistent' })).ctx);
  expect((await bare.inject('/')).statusCode).toBe(404);
  await bare.close();
});
