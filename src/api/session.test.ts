import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildServer } from './server.ts';
import { BASIC, testContext } from './test-context.ts';

const PASSWORD = 'correct horse';
const page = { host: '192.0.2.10:8000', 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' };
let app: FastifyInstance;
let context: Awaited<ReturnType<typeof testContext>>;
const webRoot = mkdtempSync(join(tmpdir(), 'meshwright-session-'));
writeFileSync(join(webRoot, 'index.html'), '<!doctype html>');

beforeEach(async () => {
  context = await testContext({
    webRoot,
    meshRoutes: [
      async (api) => {
        api.get('/stream', { config: { permission: 'status:read' } }, (_, reply) => {
          reply.hijack();
          reply.raw.writeHead(200);
          reply.raw.write(':\n');
        });
      },
    ],
  });
  ({ app } = await buildServer(context.ctx));
});
afterEach(async () => {
  await app.close();
});
process.on('exit', () => rmSync(webRoot, { recursive: true, force: true }));

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
const ask = async (method: Method, url: string, payload?: object, headers: Record<string, string> = page) =>
  app.inject({ method, url: `/api${url}`, headers, ...(payload && { payload }) });
type Reply = Awaited<ReturnType<typeof ask>>;
const cookieOf = (reply: Reply) => String(reply.headers['set-cookie']).split(';')[0]!;
const as = (cookie: string, more: Record<string, string> = {}) => ({ ...page, cookie, ...more });
const errorOf = (reply: Reply) => [reply.statusCode, reply.headers['meshwright-error']];

/** Sets the console up and returns the cookie of the session. */
async function setUp(): Promise<string> {
  const code = context.ctx.access.setupCode.current();
  const reply = await ask('POST', '/setup', { code, username: 'vnscubed', password: PASSWORD });
  expect(reply.statusCode).toBe(200);
  return cookieOf(reply);
}
const logIn = (password = PASSWORD, username = 'vnscubed', headers: Record<string, string> = page) =>
  ask('POST', '/session', { username, password }, headers);

describe('set-up', () => {
  const body = (code: string) => ({ code, username: 'admin', password: PASSWORD });

  it('is for the holder of the code, logs in, may set the API password, and closes', async () => {
    expect((await ask('GET', '/session')).json()).toEqual({
      response: {
        authenticated: false,
        user: null,
        role: null,
        setup_open: true,
        must_change: false,
        second_factor: false,
        visit: null,
        single_sign_on: false,
      },
    });
    const code = context.ctx.access.setupCode.current();
    expect(code).toMatch(/^([a-z2-9]{4}-){3}[a-z2-9]{4}$/);
    expect(errorOf(await ask('POST', '/setup', body('aaaa-aaaa-aaaa-aaaa')))).toEqual([
      403,
      'SETUP_CODE_WRONG',
    ]);
    const typed = code.replaceAll('-', ' ').toUpperCase();
    const reply = await ask('POST', '/setup', { ...body(typed), api_password: 'a new API password' });
    expect(reply.json()).toEqual({
      response: {
        authenticated: true,
        user: 'admin',
        role: 'admin',
        setup_open: false,
        must_change: false,
        second_factor: false,
        visit: null,
        single_sign_on: false,
      },
    });
    expect(reply.headers['set-cookie']).toMatch(
      /^__Host-meshwright=[\w-]{43}; Secure; HttpOnly; SameSite=Strict; Path=\/$/,
    );
    expect((await ask('GET', '/config', undefined, as(cookieOf(reply)))).statusCode).toBe(200);
    expect(await context.ctx.apiPassword.verify('a new API password')).toBe(true);
    expect(errorOf(await ask('POST', '/setup', body(code)))).toEqual([403, 'SETUP_CLOSED']);
    expect((await logIn(PASSWORD, 'admin')).statusCode).toBe(200);
  });

  it('is won by one of two who race with the same code', async () => {
    const code = context.ctx.access.setupCode.current();
    const replies = await Promise.all(
      ['first', 'second', 'third'].map((username) => ask('POST', '/setup', { ...body(code), username })),
    );
    expect(replies.map(({ statusCode }) => statusCode).sort()).toEqual([200, 403, 403]);
    const winner = replies.find(({ statusCode }) => statusCode === 200)!;
    expect(context.ctx.access.account.username).toBe(winner.json().response.user);
  });

  it('creates nothing when a part of it is refused', async () => {
    const code = context.ctx.access.setupCode.current();
    const reply = await ask('POST', '/setup', { ...body(code), api_password: 'short' });
    expect(errorOf(reply)).toEqual([400, 'PASSWORD_INVALID']);
    expect(reply.headers['meshwright-field']).toBe('api_password');
    const name = await ask('POST', '/setup', { ...body(code), username: 'a\nb' });
    expect(name.headers['meshwright-field']).toBe('username');
    expect(errorOf(await ask('POST', '/setup', { ...body(code), password: 'short' }))[0]).toBe(400);
    expect(context.ctx.access.account.setupOpen).toBe(true);
  });

  it('slows down who guesses', async () => {
    context.ctx.access.setupCode.current();
    const guess = () => ask('POST', '/setup', body('aaaa-aaaa-aaaa-aaab'));
    await Promise.all(Array.from({ length: 10 }, guess));
    const crowd = await Promise.race(Array.from({ length: 8 }, guess).slice(5));
    expect(errorOf(crowd)).toEqual([429, 'TOO_MANY_ATTEMPTS']);
  });

  it('knows no code while nobody on the machine has asked for one', async () => {
    expect(errorOf(await ask('POST', '/setup', body('x')))).toEqual([403, 'SETUP_CODE_WRONG']);
  });
});

describe('a session', () => {
  it('begins with a new id at every login and ends at logout', async () => {
    const first = await setUp();
    const second = cookieOf(await logIn(PASSWORD, 'vnscubed', as(first)));
    expect(second).not.toBe(first);
    expect((await ask('GET', '/config', undefined, as(first))).statusCode).toBe(401);
    expect((await ask('GET', '/session', undefined, as(second))).json().response).toMatchObject({
      authenticated: true,
      user: 'vnscubed',
    });
    const out = await ask('DELETE', '/session', undefined, as(second));
    expect(out.headers['set-cookie']).toContain('Max-Age=0');
    expect((await ask('GET', '/config', undefined, as(second))).statusCode).toBe(401);
  });

  it('needs the right name and password, and gives neither away', async () => {
    await setUp();
    for (const [user, password] of [
      ['vnscubed', 'wrong'],
      ['nobody', PASSWORD],
      ['api', PASSWORD],
    ] as const) {
      const reply = await logIn(password, user);
      expect(errorOf(reply)).toEqual([401, 'LOGIN_FAILED']);
      expect(reply.headers['set-cookie']).toBeUndefined();
      expect(reply.body).not.toContain(PASSWORD);
    }
  });

  it('is worth nothing to pages of other sites', async () => {
    const cookie = await setUp();
    const change = (headers: Record<string, string>) =>
      ask('PUT', '/config', { topology_name: 'x' }, { host: page.host, cookie, ...headers });
    expect(errorOf(await change({ 'sec-fetch-site': 'cross-site' }))).toEqual([403, 'REQUEST_FOREIGN']);
    expect(errorOf(await change({ 'sec-fetch-site': 'same-site' }))).toEqual([403, 'REQUEST_FOREIGN']);
    expect(errorOf(await change({ 'sec-fetch-site': 'none' }))).toEqual([403, 'REQUEST_FOREIGN']);
    expect(errorOf(await change({ origin: 'https://192.0.2.10:9000' }))).toEqual([403, 'REQUEST_FOREIGN']);
    expect(errorOf(await change({}))).toEqual([403, 'REQUEST_FOREIGN']);
    expect((await change({ origin: `https://${page.host}` })).statusCode).toBe(200);
    expect((await change({ 'sec-fetch-site': 'same-origin' })).statusCode).toBe(200);
    expect(errorOf(await logIn(PASSWORD, 'vnscubed', { ...page, 'sec-fetch-site': 'cross-site' }))).toEqual([
      403,
      'REQUEST_FOREIGN',
    ]);
  });

  it('counts only under a name of this machine, while programs may come by any name', async () => {
    const cookie = await setUp();
    const at = (host: string) => ask('GET', '/config', undefined, as(cookie, { host }));
    for (const host of ['192.0.2.10', '[2001:db8::1]:8000', 'localhost:8000', 'LOCALHOST.']) {
      expect([host, (await at(host)).statusCode]).toEqual([host, 200]);
    }
    for (const host of [
      'evil.example:8000',
      '3221225985',
      '192.0.2.10.evil.example',
      'a@localhost',
      'x:y:z',
    ]) {
      expect([host, ...errorOf(await at(host))]).toEqual([host, 403, 'HOST_NOT_ALLOWED']);
    }
    expect(errorOf(await logIn(PASSWORD, 'vnscubed', { ...page, host: 'evil.example' }))[1]).toBe(
      'HOST_NOT_ALLOWED',
    );
    const api = await ask('GET', '/config', undefined, { host: 'evil.example', authorization: BASIC });
    expect(api.statusCode).toBe(200);

    const hosts = { hosts: ['Mesh.Example.COM'] };
    expect((await ask('PUT', '/mesh/console-hosts', hosts, as(cookie))).json().response.hosts).toEqual([
      'mesh.example.com',
    ]);
    expect((await at('mesh.example.com:8000')).statusCode).toBe(200);
    for (const bad of ['192.0.2.1', 'a b', 'x..y']) {
      const reply = await ask('PUT', '/mesh/console-hosts', { hosts: [bad] }, as(cookie));
      expect([bad, ...errorOf(reply)]).toEqual([bad, 400, 'ARGUMENT_INVALID']);
    }
  });

  it('does what the API may do, and not what only the machine may', async () => {
    const cookie = await setUp();
    expect((await ask('PUT', '/config', { topology_name: 'x' }, as(cookie))).statusCode).toBe(200);
    expect(errorOf(await ask('GET', '/local/credentials', undefined, as(cookie)))).toEqual([
      403,
      'PERMISSION_MISSING',
    ]);
  });

  it('ends with a change of the password everywhere but here', async () => {
    const here = await setUp();
    const elsewhere = cookieOf(await logIn());
    const change = (current: string, cookie = here) =>
      ask('PUT', '/session/password', { current, password: 'another password', username: 'ops' }, as(cookie));
    expect(errorOf(await change('wrong'))).toEqual([403, 'PASSWORD_WRONG']);
    const reply = await change(PASSWORD);
    expect(reply.json().response).toMatchObject({ authenticated: true, user: 'ops' });
    expect((await ask('GET', '/config', undefined, as(elsewhere))).statusCode).toBe(401);
    expect((await ask('GET', '/config', undefined, as(here))).statusCode).toBe(401);
    expect((await ask('GET', '/config', undefined, as(cookieOf(reply)))).statusCode).toBe(200);
    expect((await logIn(PASSWORD, 'ops')).statusCode).toBe(401);
    expect((await logIn('another password', 'ops')).statusCode).toBe(200);
  });

  it('cuts an open stream when it ends', async () => {
    const cookie = await setUp();
    const server = createServer(app.routing.bind(app)).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const over = new Promise<void>((resolve, reject) => {
      get({ host: '127.0.0.1', port, path: '/api/stream', headers: { cookie } }, (response) => {
        expect(response.statusCode).toBe(200);
        response.on('error', () => {}).on('close', resolve);
        response.once('data', () => void ask('DELETE', '/session', undefined, as(cookie)));
      }).on('error', reject);
    });
    await over;
    server.closeAllConnections();
    server.close();
  });
});

describe('PUT /admin_ui', () => {
  const put = (body: object) => ask('PUT', '/admin_ui', body, { authorization: BASIC });

  it('sets the user, and can ask for a password of his own', async () => {
    const credentials = { admin_username: 'ops', admin_password: 'from terraform' };
    expect((await put({ ...credentials, must_change: true })).json()).toEqual({
      response: { enabled: true, username: 'ops' },
    });
    const reply = await logIn('from terraform', 'ops');
    expect(reply.json().response).toMatchObject({ setup_open: false, must_change: true });
    const cookie = cookieOf(reply);
    expect(errorOf(await ask('GET', '/config', undefined, as(cookie)))).toEqual([
      403,
      'PASSWORD_CHANGE_NEEDED',
    ]);
    const own = { current: 'from terraform', password: 'my own password' };
    const changed = await ask('PUT', '/session/password', own, as(cookie));
    expect(changed.json().response.must_change).toBe(false);
    expect((await ask('GET', '/config', undefined, as(cookieOf(changed)))).statusCode).toBe(200);
  });

  it('refuses what is no name, in the words of the contract', async () => {
    const reply = await put({ admin_username: 'a b' });
    expect(reply.statusCode).toBe(400);
    expect(reply.json().error.message).toMatch(/^admin_username is invalid/);
    expect(reply.headers['meshwright-field']).toBe('admin_username');
    expect((await put({ admin_password: 'x' })).headers['meshwright-field']).toBe('admin_password');
  });

  it('closes the console and leaves the API alone', async () => {
    const cookie = await setUp();
    expect((await app.inject('/')).statusCode).toBe(200);
    expect((await put({ enabled: 'false' })).json().response).toEqual({
      enabled: false,
      username: 'vnscubed',
    });
    for (const url of ['/', '/peering', '/index.html']) {
      const closed = await app.inject(url);
      expect([url, closed.statusCode]).toEqual([url, 403]);
      expect(closed.body).toContain('disabled');
    }
    expect(errorOf(await ask('GET', '/session'))).toEqual([403, 'CONSOLE_DISABLED']);
    expect(errorOf(await logIn())).toEqual([403, 'CONSOLE_DISABLED']);
    expect((await ask('GET', '/config', undefined, as(cookie))).statusCode).toBe(401);
    expect((await ask('GET', '/config', undefined, { authorization: BASIC })).statusCode).toBe(200);
    await put({ enabled: true });
    expect((await app.inject('/')).statusCode).toBe(200);
    expect((await logIn()).statusCode).toBe(200);
    expect(context.seen.restarts).toEqual([]);
  });
});
