import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { Access } from '../access/access.ts';
import { buildServer } from './server.ts';
import { BASIC, testContext } from './test-context.ts';

const page = { host: '192.0.2.10:8000', 'sec-fetch-site': 'same-origin' };
let app: FastifyInstance;
let context: Awaited<ReturnType<typeof testContext>>;
let now: number;

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
async function ask(
  method: Method,
  url: string,
  payload?: object,
  headers: Record<string, string> = { authorization: BASIC, host: '192.0.2.10:8000' },
  remoteAddress = '192.0.2.1',
) {
  const reply = await app.inject({
    method,
    url: `/api${url}`,
    headers,
    remoteAddress,
    ...(payload && { payload }),
  });
  const message = reply.statusCode >= 400 ? reply.json().error.message : undefined;
  return {
    status: reply.statusCode,
    told: reply.json().response,
    message,
    headers: reply.headers,
    body: reply.body,
  };
}
const withToken = (token: string) => ask('GET', '/config', undefined, { 'api-token': token });

/** The two ways in which clientpacks are downloaded. */
const downloads: FastifyPluginAsync = async (api) => {
  const config = { permission: 'clientpack-files:read' } as const;
  api.get('/pack', { config }, async () => ({ response: 'a file' }));
  api.get('/pack/:file', { config }, async () => ({ response: 'a file' }));
};

beforeEach(async () => {
  now = Date.parse('2026-06-01T12:00:00Z');
  context = await testContext({ meshRoutes: [downloads] });
  const access = new Access(
    context.db,
    () => null,
    () => now,
  );
  ({ app } = await buildServer({ ...context.ctx, access }));
});

describe('a token', () => {
  it('is made, shown once, used, and listed with what happened to it', async () => {
    const made = await ask('POST', '/access/token', {
      name: 'terraform',
      expires: 31_536_000,
      refreshes: true,
    });
    expect(made.status).toBe(201);
    expect(made.told).toEqual({
      id: 1,
      token: expect.stringMatching(/^[0-9a-f]{64}$/),
      name: 'terraform',
      role: 'admin',
      created_at: '2026-06-01T12:00:00.000Z',
      created_ip: '192.0.2.1',
      expires_at: '2027-06-01T12:00:00.000Z',
      lifetime: '365d',
      refreshes: true,
      expired: false,
    });
    const { token } = made.told;
    expect((await ask('GET', '/config', undefined, { 'Api-Token': token }, '192.0.2.9')).status).toBe(200);
    const list = await ask('GET', '/access/tokens');
    expect(list.body).not.toContain(token);
    expect(list.told[0]).toMatchObject({
      token: `${token.slice(0, 6)}************`,
      last_accessed_at: '2026-06-01T12:00:00.000Z',
      last_accessed_ip: '192.0.2.9',
    });
    expect(JSON.stringify(context.db.all('SELECT * FROM access_token'))).not.toContain(token);
  });

  it('ends with its life, which use extends when it refreshes', async () => {
    const make = async (refreshes: unknown) =>
      (await ask('POST', '/access/token', { expires: '3600', refreshes })).told.token as string;
    const [once, often] = [await make('False'), await make('True')];
    for (let minutes = 0; minutes < 180; minutes += 30) {
      expect((await withToken(often)).status).toBe(200);
      expect((await withToken(once)).status).toBe(minutes < 60 ? 200 : 401);
      now += 1_800_000;
    }
    now += 3_600_000;
    expect((await withToken(often)).message).toBe('Invalid or expired token');
  });

  it('of the shortest life lives on while it is in use', async () => {
    const { token } = (await ask('POST', '/access/token', { expires: 60, refreshes: true })).told;
    for (let seconds = 0; seconds < 300; seconds += 40) {
      expect([seconds, (await withToken(token)).status]).toEqual([seconds, 200]);
      now += 1000;
      expect([seconds, (await withToken(token)).status]).toEqual([seconds, 200]);
      now += 39_000;
      if (seconds % 80 === 0) expect((await withToken(token)).status).toBe(200);
    }
    now += 61_000;
    expect((await withToken(token)).status).toBe(401);
  });

  it('is dead for the next request once it is ended or deleted, and lives again when it may', async () => {
    const { id, token } = (await ask('POST', '/access/token')).told;
    expect((await ask('PUT', `/access/token/${id}`, { expired: true })).told.expired).toBe(true);
    expect((await withToken(token)).status).toBe(401);
    expect((await ask('PUT', `/access/token/${id}`, { expired: false })).told.expired).toBe(false);
    expect((await withToken(token)).status).toBe(200);
    expect((await ask('DELETE', `/access/token/${id}`)).told).toBe('Token deleted');
    expect((await withToken(token)).status).toBe(401);
  });

  it.each([59, 31_536_001, 0, -1])('does not live for %i seconds', async (expires) => {
    const { status, message } = await ask('POST', '/access/token', { expires });
    expect([status, message]).toEqual([400, 'expires range must be between 60 and 31,536,000']);
    expect((await ask('GET', '/access/tokens')).told).toEqual([]);
  });

  it.each(['7', 'x', '1e3', '99999999999999999999', '%00', '1%20OR%201=1'])(
    'of id %s does not exist',
    async (id) => {
      const { status, message } = await ask('GET', `/access/token/${id}`);
      expect([status, message]).toEqual([404, 'Requested api token does not exist']);
    },
  );

  it('is worth no more than its role', async () => {
    const { token } = (await ask('POST', '/access/token', { role: 'viewer', token_name: 'old name' })).told;
    const as = { 'api-token': token };
    expect((await ask('GET', '/config', undefined, as)).status).toBe(200);
    expect((await ask('PUT', '/config', { topology_name: 'x' }, as)).status).toBe(403);
    expect((await ask('POST', '/access/token', {}, as)).status).toBe(403);
    expect((await ask('POST', '/access/token', { role: 'god' })).status).toBe(400);
  });

  it('is not the end of a Basic login: either will do', async () => {
    const { token } = (await ask('POST', '/access/token')).told;
    const both = { 'api-token': token, authorization: 'Basic YXBpOndyb25n' };
    expect((await ask('GET', '/config', undefined, both)).status).toBe(200);
    expect(
      (await ask('GET', '/config', undefined, { ...both, 'api-token': 'x', authorization: BASIC })).status,
    ).toBe(200);
  });
});

describe('an access URL', () => {
  const secretOf = (url: string) => /^https:\/\/192\.0\.2\.10:8000\/\?access=([0-9a-f]{64})$/.exec(url)![1]!;
  const visit = async (secret: string) => {
    const answer = await ask('POST', '/session/visit', { access: secret }, page);
    return { ...answer, as: { ...page, cookie: String(answer.headers['set-cookie']).split(';')[0]! } };
  };

  it('logs a visitor in, as an operator, until it ends', async () => {
    const made = await ask('POST', '/access/url', { name: 'for support', expires: 7200 });
    expect(made.status).toBe(201);
    expect(made.told).toMatchObject({ id: 1, access: 'rs', lifetime: '2h', role: 'operator', once: false });
    const visitor = await visit(secretOf(made.told.url));
    expect(visitor.told).toMatchObject({
      authenticated: true,
      user: 'for support',
      role: 'operator',
      visit: { until: now + 7_200_000, clientpack: null },
    });
    expect((await ask('GET', '/config', undefined, visitor.as)).status).toBe(200);
    expect((await ask('GET', '/access/tokens', undefined, visitor.as)).status).toBe(403);
    expect((await ask('POST', '/session/second-factor', undefined, visitor.as)).status).toBe(403);
    now += 7_200_000;
    expect((await ask('GET', '/config', undefined, visitor.as)).status).toBe(401);
    expect((await visit(secretOf(made.told.url))).status).toBe(401);
  });

  it('of which there is one visit lets one of many in', async () => {
    const { url, id } = (await ask('POST', '/access/url', { once: true })).told;
    const visits = await Promise.all(Array.from({ length: 6 }, () => visit(secretOf(url))));
    expect(visits.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401, 401, 401]);
    const { as } = visits.find(({ status }) => status === 200)!;
    expect((await ask('GET', '/config', undefined, as)).status).toBe(200);
    await ask('DELETE', '/access/url', { access_url_id: id });
    expect((await ask('GET', '/config', undefined, as)).status).toBe(401);
  });

  it('that is ended throws its visitors out', async () => {
    const { url, id } = (await ask('POST', '/access/url', {})).told;
    const { as } = await visit(secretOf(url));
    expect((await ask('PUT', `/access/url/${id}`, { expired: true })).told.expired).toBe(true);
    expect((await ask('GET', '/config', undefined, as)).status).toBe(401);
    expect((await ask('GET', '/access/urls')).body).not.toContain(secretOf(url));
    expect((await ask('DELETE', '/access/url', { access_url: url })).told).toBe('Access url deleted');
    expect((await ask('GET', `/access/url/${id}`)).message).toBe('Invalid or missing access url');
  });

  it('for one clientpack opens nothing else', async () => {
    const made = await ask('POST', '/access/url', { access: 'cp:100_127_255_193' });
    const visitor = await visit(secretOf(made.told.url));
    expect(visitor.told).toMatchObject({ role: null, visit: { clientpack: '100_127_255_193' } });
    for (const url of ['/pack?name=100_127_255_193', '/pack/100_127_255_193.conf']) {
      expect([url, (await ask('GET', url, undefined, visitor.as)).status]).toEqual([url, 200]);
    }
    for (const url of [
      '/pack',
      '/pack?name=100_127_255_194',
      '/pack/100_127_255_194.conf',
      '/pack/100_127_255_194.conf?name=100_127_255_193',
      '/pack?name=100_127_255_194&name=100_127_255_193',
    ]) {
      expect([url, (await ask('GET', url, undefined, visitor.as)).status]).toEqual([url, 403]);
    }
    for (const url of ['/config', '/mesh/users', '/keyset', '/routes', '/access/urls', '/mesh/sessions']) {
      expect([url, (await ask('GET', url, undefined, visitor.as)).status]).toEqual([url, 403]);
    }
  });

  it.each(['cp:', 'cp:../x', 'root', 'cp:1_2_3_4\n', 'rs '])('is not for %j', async (access) => {
    expect((await ask('POST', '/access/url', { access })).status).toBe(400);
  });

  it.each([59, 259_201])('does not live for %i seconds', async (expires) => {
    expect((await ask('POST', '/access/url', { expires })).message).toMatch(/^expires range must be/);
  });
});
