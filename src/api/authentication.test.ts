import type { FastifyInstance } from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { buildServer } from './server.ts';
import { BASIC, TEST_PASSWORD, testContext } from './test-context.ts';

const basic = (user: string, password: string) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
let app: FastifyInstance;
let context: Awaited<ReturnType<typeof testContext>>;

beforeEach(async () => {
  const tokens = {
    principal: (token: string) =>
      token === 'reader' ? { name: 'reader', permissions: new Set(['config:read'] as const) } : null,
  };
  context = await testContext({ tokens });
  ({ app } = await buildServer(context.ctx));
});

const config = async (headers: Record<string, string>, remoteAddress = '192.0.2.1') =>
  app.inject({ url: '/api/config', headers, remoteAddress });

describe('credentials', () => {
  it.each([
    ['none', {}],
    ['a wrong password', { authorization: basic('api', 'wrong') }],
    ['another user', { authorization: basic('admin', TEST_PASSWORD) }],
    ['no colon', { authorization: `Basic ${Buffer.from(TEST_PASSWORD).toString('base64')}` }],
    ['no base64', { authorization: 'Basic ***' }],
    ['a bearer token', { authorization: 'Bearer reader' }],
    ['an unknown token', { 'api-token': 'x' }],
    ['an empty password', { authorization: basic('api', '') }],
  ])('%s: 401 in the words of the contract', async (_, headers) => {
    const response = await config(headers);
    expect(response.statusCode).toBe(401);
    expect(response.statusMessage).toBe('Unauthorized');
    expect(response.json()).toEqual({
      error: { name: 'UnauthorizedError', log: 'UNAUTHORIZED', message: 'Invalid or expired token' },
    });
  });

  it('the password, which may hold colons', async () => {
    expect((await config({ authorization: BASIC })).statusCode).toBe(200);
    expect((await config({ authorization: BASIC.replace('Basic', 'basic') })).statusCode).toBe(200);
  });

  it('a token, alone or next to a wrong password; a password next to an expired token', async () => {
    expect((await config({ 'Api-Token': 'reader' })).statusCode).toBe(200);
    expect((await config({ 'api-token': 'reader', authorization: basic('api', 'x') })).statusCode).toBe(200);
    expect((await config({ 'api-token': 'expired', authorization: BASIC })).statusCode).toBe(200);
  });

  it('a token may do what it was given and no more', async () => {
    const response = await app.inject({
      method: 'PUT',
      url: '/api/server',
      headers: { 'api-token': 'reader' },
    });
    expect(response.statusCode).toBe(403);
    expect(response.json()).toMatchObject({ error: { name: 'OperationNotAllowedError' } });
  });

  it('nobody from outside sees the generated password', async () => {
    await context.ctx.apiPassword.reset();
    await context.ctx.apiPassword.set(TEST_PASSWORD);
    const response = await app.inject({ url: '/api/local/credentials', headers: { authorization: BASIC } });
    expect(response.statusCode).toBe(403);
  });

  it('a browser page is not asked by the browser itself', async () => {
    expect((await config({})).headers['www-authenticate']).toMatch(/^Basic/);
    expect((await config({ 'sec-fetch-mode': 'cors' })).headers['www-authenticate']).toBeUndefined();
  });

  it('pages of other sites change nothing', async () => {
    const change = (site: string) =>
      app.inject({
        method: 'PUT',
        url: '/api/config',
        payload: { topology_name: 'x' },
        headers: { authorization: BASIC, 'sec-fetch-site': site },
      });
    expect((await change('cross-site')).statusCode).toBe(403);
    expect((await change('same-site')).statusCode).toBe(403);
    expect((await change('same-origin')).statusCode).toBe(200);
  });
});

describe('a change of the password', () => {
  const change = (payload: object) =>
    app.inject({ method: 'PUT', url: '/api/api_password', payload, headers: { authorization: BASIC } });

  it('is in force for the next request', async () => {
    expect((await change({ password: 'another password' })).json()).toEqual({
      response: { password_reset: 'ok' },
    });
    expect((await config({ authorization: BASIC })).statusCode).toBe(401);
    expect((await config({ authorization: basic('api', 'another password') })).statusCode).toBe(200);
  });

  it.each([{}, { password: '' }, { password: 'short' }, { password: null }, { password: 'x'.repeat(200) }])(
    'is refused for %j',
    async (payload) => {
      const response = await change(payload);
      expect(response.statusCode).toBe(400);
      expect(response.json()).toMatchObject({ error: { message: 'Invalid password' } });
      expect(response.headers['meshwright-field']).toBe('password');
    },
  );

  it('takes a password of digits only', async () => {
    expect((await change({ password: 1234567890 })).statusCode).toBe(200);
    expect((await config({ authorization: basic('api', '1234567890') })).statusCode).toBe(200);
  });
});

it('guessing is slowed down for the guesser alone', async () => {
  const guess = () => config({ authorization: basic('api', 'guess') }, '192.0.2.66');
  const first = await Promise.all(Array.from({ length: 10 }, guess));
  expect(first.map(({ statusCode }) => statusCode)).toEqual(Array(10).fill(401));
  const crowd = Array.from({ length: 8 }, guess);
  const refused = await Promise.race(crowd.slice(5));
  expect(refused.statusCode).toBe(429);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  const start = performance.now();
  expect((await config({ authorization: BASIC }, '192.0.2.1')).statusCode).toBe(200);
  expect(performance.now() - start).toBeLessThan(500);
});
