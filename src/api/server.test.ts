import type { FastifyInstance, InjectOptions } from 'fastify';
import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MeshwrightError } from '../errors/catalogue.ts';
import type { Resource } from './resources/resource.ts';
import { buildServer } from './server.ts';
import { BASIC, testContext } from './test-context.ts';

const Body = Type.Object({
  number: Type.Optional(Type.Integer({ minimum: 1 })),
  flag: Type.Optional(Type.Boolean()),
  choice: Type.Optional(Type.Union([Type.Literal('fast'), Type.Literal('slow'), Type.Null()])),
  either: Type.Optional(Type.Union([Type.Literal('auto'), Type.Integer()])),
  api_token: Type.Optional(Type.Integer()),
  name: Type.String(),
});

/** A resource that gives every rule of the server something to hold for. */
const probe: Resource = (api) => {
  const config = { permission: 'probe:write' } as const;
  const echo = ({ body }: { body: unknown }) => ({ response: body ?? 'nothing' });
  for (const method of ['GET', 'POST', 'DELETE']) {
    api.route({ method, url: '/probe/echo', config, schema: { body: Body }, handler: echo });
    api.route({ method, url: '/probe/any', config, handler: echo });
  }
  api.put('/probe/raw', { config: { ...config, raw: true } }, ({ body }) => ({
    response: (body as Buffer).toString('base64'),
  }));
  api.get('/probe/item/:name', { config }, ({ params }) => ({ response: params }));
  api.get('/probe/crash', { config }, () => {
    throw new TypeError('secret detail');
  });
  api.get('/probe/field', { config }, () => {
    throw new MeshwrightError('ARGUMENT_INVALID', { field: 'peers[0].address', rule: 'no' });
  });
};

let app: FastifyInstance;
let context: Awaited<ReturnType<typeof testContext>>;
beforeAll(async () => {
  const plugin = async (api: FastifyInstance) => probe(api as never, context.ctx);
  context = await testContext({ meshRoutes: [plugin] });
  ({ app } = await buildServer(context.ctx));
});
afterAll(() => app.close());

const ask = (options: InjectOptions) =>
  app.inject({ ...options, headers: { authorization: BASIC, ...options.headers } });
const json = { 'content-type': 'application/json' };

/** A failure has this shape and nothing else in it. */
function expectEnvelope(response: Awaited<ReturnType<typeof ask>>, status: number, message: string | RegExp) {
  expect(response.statusCode).toBe(status);
  expect(response.headers['content-type']).toMatch(/^application\/json/);
  const body = response.json() as { error: Record<string, unknown> };
  expect(Object.keys(body)).toEqual(['error']);
  expect(Object.keys(body.error)).toEqual(['name', 'log', 'message']);
  for (const value of Object.values(body.error)) expect(value).toBeTypeOf('string');
  expect(body.error.message).toMatch(message);
  expect(response.headers['meshwright-error']).toMatch(/^[A-Z_]+$/);
  return body.error;
}

describe('failures', () => {
  it('unknown path', async () => {
    expectEnvelope(await ask({ url: '/api/nowhere' }), 404, 'GET /api/nowhere is not part of this API');
    expectEnvelope(await ask({ method: 'POST', url: '/api', payload: '{', headers: json }), 404, /not part/);
    expectEnvelope(await app.inject('/elsewhere'), 404, /not part/);
  });

  it('wrong method, with the allowed ones', async () => {
    const response = await ask({
      method: 'PATCH',
      url: '/api/probe/echo/?x=1',
      payload: '{}',
      headers: json,
    });
    expectEnvelope(response, 405, /Allowed: DELETE, GET, HEAD, POST/);
    expect(response.headers.allow).toBe('DELETE, GET, HEAD, POST');
    const put = await ask({ method: 'PUT', url: '/api/probe/item/a%20b' });
    expect(put.headers.allow).toBe('GET, HEAD');
  });

  it.each([
    ['{', /not valid JSON/],
    ['{"a":1}x', /not valid JSON/],
    ['{"__proto__":{"x":1},"name":"a"}', /not allowed/],
    ['{"\\u005f_proto__":{"x":1},"name":"a"}', /not allowed/],
    ['{"constructor":{"prototype":{"x":1}},"name":"a"}', /not allowed/],
    [Buffer.from([0x22, 0xff, 0x22]), /UTF-8/],
    ['['.repeat(500_000), /not valid JSON/],
  ])('broken JSON', async (payload, message) => {
    expectEnvelope(
      await ask({ method: 'POST', url: '/api/probe/any', payload, headers: json }),
      400,
      message,
    );
  });

  it('too large', async () => {
    const payload = `{"name":"${'x'.repeat(1 << 20)}"}`;
    const response = await ask({ method: 'POST', url: '/api/probe/echo', payload, headers: json });
    expectEnvelope(response, 413, /1048576/);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'nonsense', 'multipart/form-data; boundary=x'])(
    'a body of type %s where JSON is wanted',
    async (type) => {
      const headers = { 'content-type': type };
      const response = await ask({ method: 'POST', url: '/api/probe/echo', payload: 'name=x', headers });
      expectEnvelope(response, 415, /application\/json/);
    },
  );

  it.each([
    [{}, 'name is missing', 'name'],
    [{ name: 'a', number: 0 }, 'number is invalid: must be at least 1, not 0', 'number'],
    [{ name: 'a', number: 'many' }, 'number is invalid: must be a whole number, not "many"', 'number'],
    [{ name: 'a', flag: 'perhaps' }, 'flag is invalid: must be true or false, not "perhaps"', 'flag'],
    [{ name: 'a', choice: 'odd' }, 'choice is invalid: must be one of fast, slow, not "odd"', 'choice'],
    [{ name: 'a', either: 'odd' }, /^either is invalid: has a type that is not allowed/, 'either'],
    // What is secret is not said again, where others may read it.
    [{ name: 'a', api_token: 'hush' }, /^api_token is invalid: must be a whole number$/, 'api_token'],
    [{ name: { x: 1 } }, 'name is invalid: must be text', 'name'],
    [[1], 'body is invalid: must be a JSON object', 'body'],
    ['text', 'body is invalid: must be a JSON object', 'body'],
  ])('a value that breaks a rule: %j', async (body, message, field) => {
    const response = await ask({
      method: 'POST',
      url: '/api/probe/echo',
      payload: JSON.stringify(body),
      headers: json,
    });
    expectEnvelope(response, 400, message);
    expect(response.headers['meshwright-field']).toBe(field);
  });

  it('a defect gives away a reference and nothing else', async () => {
    const response = await ask({ url: '/api/probe/crash' });
    const { log } = expectEnvelope(response, 500, /^Internal error/);
    expect(response.body).not.toContain('secret');
    expect(context.seen.defects.at(-1)).toMatchObject({ reference: log, request: 'GET /api/probe/crash' });
  });

  it('a field goes into a header', async () => {
    const response = await ask({ url: '/api/probe/field' });
    expect(response.headers).toMatchObject({
      'meshwright-error': 'ARGUMENT_INVALID',
      'meshwright-field': 'peers[0].address',
    });
  });

  it('a broken path', async () => {
    expectEnvelope(await ask({ url: '/api/probe/item/%zz' }), 400, /could not be read/);
    expectEnvelope(await ask({ url: `/api/probe/item/${'x'.repeat(600)}` }), 400, /could not be read/);
  });
});

describe('requests that published clients send', () => {
  it('trailing slashes, without a redirect', async () => {
    expect((await ask({ url: '/api/probe/item/a/' })).json()).toEqual({ response: { name: 'a' } });
    expect((await ask({ url: '/api/config/' })).statusCode).toBe(200);
  });

  it('percent-encoded parameters', async () => {
    expect((await ask({ url: '/api/probe/item/10.0.0.0%2F8%20x' })).json()).toEqual({
      response: { name: '10.0.0.0/8 x' },
    });
  });

  it.each(['GET', 'POST', 'DELETE'] as const)('%s with a JSON header and no body', async (method) => {
    const response = await ask({ method, url: '/api/probe/any', headers: json });
    expect(response.json()).toEqual({ response: 'nothing' });
  });

  it.each(['GET', 'DELETE'] as const)('%s with a body', async (method) => {
    const payload = '{"name":"x","number":"3","flag":"False","other":1}';
    const response = await ask({ method, url: '/api/probe/echo', payload, headers: json });
    expect(response.json()).toEqual({ response: { name: 'x', number: 3, flag: false } });
  });

  it('{} on DELETE, a charset, a BOM, no type at all', async () => {
    expect(
      (await ask({ method: 'DELETE', url: '/api/probe/any', payload: '{}', headers: json })).json(),
    ).toEqual({ response: {} });
    const headers = { 'content-type': 'application/json; charset=UTF-8' };
    const payload = '\ufeff{"name":5}';
    const response = await ask({ method: 'POST', url: '/api/probe/echo', payload, headers });
    expect(response.json()).toEqual({ response: { name: '5' } });
    const untyped = await ask({
      method: 'POST',
      url: '/api/probe/echo',
      payload: Buffer.from('{"name":"x"}'),
      headers: {},
    });
    expect(untyped.json()).toEqual({ response: { name: 'x' } });
  });

  it.each([
    'text/plain',
    'application/json',
    'application/octet-stream',
    'application/x-www-form-urlencoded',
  ])('raw bytes as %s', async (type) => {
    const payload = Buffer.from([0, 255, 13, 10, 123]);
    const response = await ask({
      method: 'PUT',
      url: '/api/probe/raw',
      payload,
      headers: { 'content-type': type },
    });
    expect(response.json()).toEqual({ response: payload.toString('base64') });
  });

  it('HEAD', async () => {
    expect((await ask({ method: 'HEAD', url: '/api/config', headers: json })).statusCode).toBe(200);
  });
});

describe('every route', () => {
  it('declares a permission, or the server is not built', async () => {
    const careless = async (api: FastifyInstance) => {
      api.get('/careless', () => 'x');
    };
    const { ctx } = await testContext({ meshRoutes: [careless] });
    await expect(buildServer(ctx)).rejects.toThrow('GET /api/careless declares no permission');
  });

  it('may be public, which has to be said', async () => {
    const open = async (api: FastifyInstance) => {
      api.post('/exchange', { config: { permission: 'public' } }, ({ principal }) => ({
        response: principal,
      }));
    };
    const { app: fresh } = await buildServer((await testContext({ meshRoutes: [open] })).ctx);
    expect((await fresh.inject({ method: 'POST', url: '/api/exchange' })).json()).toEqual({ response: null });
    expect((await fresh.inject({ method: 'GET', url: '/api/exchange' })).statusCode).toBe(401);
    await fresh.close();
  });

  it('refuses a request without credentials, known or not', async () => {
    const { app: fresh, routes } = await buildServer((await testContext()).ctx);
    expect(routes.entries.length).toBeGreaterThan(50);
    const open = routes.entries.filter(({ permission }) => permission === 'public');
    expect(open.map(({ method, url }) => `${method} ${url}`).sort()).toEqual([
      'DELETE /api/session',
      'GET /api/session',
      'GET /api/session/oidc',
      'GET /api/session/oidc/callback',
      'HEAD /api/session',
      'HEAD /api/session/oidc',
      'HEAD /api/session/oidc/callback',
      'POST /api/session',
      'POST /api/session/visit',
      'POST /api/setup',
    ]);
    const closed = routes.entries.filter((entry) => !open.includes(entry));
    for (const { method, url } of [...closed, { method: 'GET', url: '/api/unknown' }]) {
      const path = url.replaceAll(/:\w+|\*/g, '1');
      const response = await fresh.inject({ method: method as 'GET', url: path });
      expect([method, path, response.statusCode]).toEqual([method, path, 401]);
    }
    await fresh.close();
  });

  it('is not to be cached, sniffed or embedded', async () => {
    expect((await ask({ url: '/api/config' })).headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
  });
});
