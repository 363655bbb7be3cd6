import type { FastifyInstance } from 'fastify';
import { beforeEach, expect, it } from 'vitest';
import type { AuditEntry } from '../audit/audit-log.ts';
import { buildServer } from './server.ts';
import { BASIC, testContext } from './test-context.ts';

const page = { host: '192.0.2.10:8000', 'sec-fetch-site': 'same-origin' };
const PASSWORD = 'canary-password-1';
let app: FastifyInstance;
let context: Awaited<ReturnType<typeof testContext>>;

beforeEach(async () => {
  context = await testContext();
  ({ app } = await buildServer(context.ctx));
});

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
const ask = async (
  method: Method,
  url: string,
  payload?: object,
  headers: Record<string, string> = { authorization: BASIC },
) =>
  app.inject({
    method,
    url: `/api${url}`,
    headers,
    remoteAddress: '::ffff:192.0.2.7',
    ...(payload && { payload }),
  });
const newest = (): AuditEntry => context.ctx.audit.log.list({ limit: 1 })[0]!;

it('tells who changed what, from where, before and after', async () => {
  await ask('PUT', '/config', { topology_name: 'first' });
  await ask('PUT', '/config', { topology_name: 'second' });
  expect(newest()).toMatchObject({
    actor: 'api',
    source: '192.0.2.7',
    action: 'PUT /api/config',
    status: 200,
    error: null,
    changes: [
      {
        what: 'setting config.topology_name',
        before: { key: 'config.topology_name', value: 'first' },
        after: { value: 'second' },
      },
    ],
  });
  const route = (await ask('POST', '/routes', { cidr: '10.9.0.0/24', advertise: true })).json();
  const [id] = Object.keys(route.response);
  await ask('DELETE', `/routes/${id}`);
  expect(newest()).toMatchObject({ target: { id }, changes: [{ what: `route ${id}`, after: null }] });
  expect(newest().changes[0]!.before).toMatchObject({ cidr: '10.9.0.0/24' });
});

it('gives each of many requests at once its own changes', async () => {
  await Promise.all(
    Array.from({ length: 20 }, (_, at) =>
      ask('POST', '/routes', { cidr: `10.8.${at}.0/24`, description: `${at}` }),
    ),
  );
  const entries = context.ctx.audit.log.list();
  expect(entries).toHaveLength(20);
  expect(entries.flatMap(({ changes }) => changes.map(({ what }) => what)).sort()).toHaveLength(20);
  expect(new Set(entries.map(({ changes }) => changes[0]!.after!.cidr)).size).toBe(20);
});

it('tells nothing of what was taken back, but that it was refused', async () => {
  await ask('PUT', '/config', { topology_name: 'x\ny' });
  expect(newest()).toMatchObject({ status: 400, error: 'ARGUMENT_INVALID', changes: [] });
  context.db.transaction(() => context.ctx.access.setupCode.current());
  const wrong = {
    code: context.ctx.access.setupCode.current(),
    username: 'a',
    password: PASSWORD,
    api_password: 'x',
  };
  await ask('POST', '/setup', wrong, page);
  expect(newest()).toMatchObject({ action: 'POST /api/setup', actor: 'unknown', status: 400, changes: [] });
});

it('holds no secret of any kind', async () => {
  const code = context.ctx.access.setupCode.current();
  await ask(
    'POST',
    '/setup',
    { code, username: 'admin', password: PASSWORD, api_password: `${PASSWORD}-api` },
    page,
  );
  const login = await ask('POST', '/session', { username: 'admin', password: PASSWORD }, page);
  const cookie = String(login.headers['set-cookie']).split(';')[0]!;
  const basic = { authorization: `Basic ${Buffer.from(`api:${PASSWORD}-api`).toString('base64')}` };
  const token = (await ask('POST', '/access/token', {}, basic)).json().response.token as string;
  const url = (await ask('POST', '/access/url', {}, basic)).json().response.url as string;
  await ask('POST', '/session/visit', { access: url.split('=')[1] }, page);
  await ask('DELETE', '/access/url', { access_url: url }, basic);
  const begun = await ask('POST', '/session/second-factor', undefined, { ...page, cookie });
  await ask('PUT', '/api_password', { password: `${PASSWORD}-2` }, basic);
  await ask('POST', '/session', { username: `${PASSWORD}-typed-wrong`, password: 'x' }, page);
  const log = JSON.stringify(context.db.all('SELECT * FROM audit'));
  expect(context.ctx.audit.log.list().length).toBeGreaterThanOrEqual(8);
  for (const secret of [
    PASSWORD,
    code,
    cookie.split('=')[1]!,
    token,
    url.split('=')[1]!,
    begun.json().response.secret,
  ]) {
    expect(log).not.toContain(secret);
  }
  expect(log).not.toMatch(/"hash\\+":\\+"[A-Za-z0-9+/]{20}/);
});

it('knows who logged in, who failed and who left', async () => {
  const code = context.ctx.access.setupCode.current();
  await ask('POST', '/setup', { code, username: 'admin', password: PASSWORD }, page);
  expect(newest()).toMatchObject({ action: 'POST /api/setup', actor: 'admin', status: 200 });
  await ask('POST', '/session', { username: 'ADMIN', password: 'wrong' }, page);
  expect(newest()).toMatchObject({ action: 'POST /api/session', actor: 'admin', error: 'LOGIN_FAILED' });
  const login = await ask('POST', '/session', { username: 'admin', password: PASSWORD }, page);
  expect(newest()).toMatchObject({ actor: 'admin', status: 200 });
  await ask('DELETE', '/session', undefined, {
    ...page,
    cookie: String(login.headers['set-cookie']).split(';')[0]!,
  });
  expect(newest()).toMatchObject({ action: 'DELETE /api/session', actor: 'admin' });
});

it('is not filled by strangers, nor by one who is refused again and again', async () => {
  await ask('PUT', '/config', { topology_name: 'mine' });
  for (let at = 0; at < 8; at++) await ask('PUT', '/config', { topology_name: 'x' }, {});
  expect(context.ctx.audit.log.list()).toHaveLength(1);
  for (let at = 0; at < 60; at++) await ask('PUT', '/config', { topology_name: '\n' });
  expect(context.ctx.audit.log.list()).toHaveLength(31);
});

it('is read, exported and verified by administrators alone', async () => {
  await ask('PUT', '/config', { topology_name: 'x' });
  const list = await ask('GET', '/mesh/audit?limit=1');
  expect(list.json().response[0]).toMatchObject({ seq: 1, actor: 'api' });
  const download = await ask('GET', '/mesh/audit/export?outcome=done');
  expect(download.headers['content-type']).toBe('application/octet-stream');
  expect(JSON.parse(download.body.split('\n')[0]!)).toMatchObject({ seq: 1 });
  expect((await ask('GET', '/mesh/audit/verify')).json().response.intact).toBe(true);
  await ask('POST', '/mesh/users', { name: 'root', role: 'admin', password: PASSWORD });
  await ask('POST', '/mesh/users', { name: 'ops', role: 'operator', password: PASSWORD });
  const ops = { authorization: `Basic ${Buffer.from(`ops:${PASSWORD}`).toString('base64')}` };
  for (const url of ['/mesh/audit', '/mesh/audit/verify', '/mesh/audit/export']) {
    expect((await ask('GET', url, undefined, ops)).statusCode).toBe(403);
  }
});
