import { TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROLES, roleAllows } from '../../src/access/roles.ts';
import { newTotp } from '../../src/access/totp.ts';
import { API_PASSWORD, basic, cookieOf, HostileController, PASSWORD, page } from './support/controller.ts';
import { operations, target } from './support/operations.ts';

/** Classes 5, 6, 8 and 13: who gets in, what he may do there, and what happens when many try at once. */
let subject: HostileController;
const users: Record<string, Record<string, string>> = {};

beforeAll(async () => {
  subject = await new HostileController().start();
  for (const role of ROLES) users[role] = await subject.makeUser(`the-${role}`, role);
});
afterAll(() => subject.stop());

const all = operations();
const fill = () => 'x1';
/** What operators asked for: it must be the same after everything that was refused. */
const intent = () => {
  const context = subject.context;
  return JSON.stringify([
    context.names.topologyName(),
    context.routes.list(),
    context.peering.current(),
    context.access.users.list().map(({ lastLoginAt: _, ...user }) => user),
    context.access.tokens.list().length,
    context.access.urls.list().length,
    context.identity.view('controller'),
  ]);
};

describe('class 5: authentication', () => {
  it('is asked for on every route of the table, with no credentials and with all kinds of wrong ones', {
    timeout: 120_000,
  }, async () => {
    const before = intent();
    const open = new Set(
      subject.routes.entries
        .filter(({ permission }) => permission === 'public')
        .map(({ method, url }) => `${method} ${url}`),
    );
    const wrong = [
      {},
      { 'api-token': 'x' },
      { authorization: 'Bearer x' },
      { cookie: '__Host-meshwright=x' },
      { authorization: 'Basic' },
    ];
    let asked = 0;
    for (const { method, url } of subject.routes.entries) {
      if (open.has(`${method} ${url}`)) continue;
      const path = url.replaceAll(/:\w+|\*/g, '1');
      for (const headers of asked % 7 === 0 ? wrong.slice(0, 1) : [wrong[0]!, wrong[3]!]) {
        const answer = await subject.ask({ method, path, headers: { ...headers } as Record<string, string> });
        asked++;
        expect([method, path, headers, answer.status === 401 || answer.status === 403]).toEqual([
          method,
          path,
          headers,
          true,
        ]);
        if (method !== 'HEAD') expect(answer.json).toHaveProperty('error.message');
      }
    }
    expect(asked).toBeGreaterThan(150);
    expect(intent()).toBe(before);
  });

  it.each([
    [
      'an unsigned token',
      {
        authorization: `Bearer ${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":"api"}').toString('base64url')}.`,
      },
    ],
    ['a token where the password belongs', { authorization: basic('api', 'x'.repeat(64)).authorization }],
    ['another user with the password of the API', basic('root', API_PASSWORD)],
    ['no user with the password of the API', basic('', API_PASSWORD)],
    ['the API with the password of a user', basic('api', PASSWORD)],
    ['the password with a NUL after it', basic('api', `${API_PASSWORD}\0`)],
    ['an SQL joke', basic("api' OR '1'='1", "x' OR '1'='1")],
    ['a token that is an SQL joke', { 'api-token': "' OR 1=1 --" }],
  ])('%s opens nothing', async (_, headers) => {
    expect((await subject.ask({ path: '/api/config', headers })).status).toBe(401);
  });

  it('a session that was planted in a browser is worth nothing after the login', async () => {
    const planted = '__Host-meshwright=planted-by-somebody';
    const body = JSON.stringify({ username: 'the-viewer', password: PASSWORD });
    const headers = { ...page(subject.port), cookie: planted };
    const login = await subject.ask({ method: 'POST', path: '/api/session', headers, body });
    expect(login.status).toBe(200);
    expect(cookieOf(login)).not.toBe(planted);
    expect((await subject.ask({ path: '/api/config', headers })).status).toBe(401);
  });
});

describe('class 6: authorization', () => {
  it('every operation refuses every role that may not use it, and changes nothing', {
    timeout: 120_000,
  }, async () => {
    const before = intent();
    const refused: Record<string, number> = {};
    for (const operation of all.filter(({ permission }) => permission !== 'public')) {
      for (const role of ROLES) {
        if (operation.permission !== 'local' && roleAllows(role, operation.permission)) continue;
        const path = target(operation, fill);
        const answer = await subject.ask({
          method: operation.method,
          path,
          headers: users[role]!,
          body: '{}',
        });
        refused[role] = (refused[role] ?? 0) + 1;
        expect([role, operation.method, path, answer.status]).toEqual([role, operation.method, path, 403]);
        expect(answer.headers['meshwright-error']).toBe('PERMISSION_MISSING');
      }
    }
    expect(refused.viewer).toBeGreaterThan(refused.operator!);
    expect(refused.admin).toBeGreaterThan(0);
    expect(intent()).toBe(before);
  });

  it('dangerous verbs are for administrators', async () => {
    for (const [method, path, body] of [
      ['PUT', '/server', { reboot: true }],
      ['PUT', '/api_password', { password: 'another password' }],
      ['PUT', '/admin_ui', { enabled: false }],
      ['PUT', '/keyset', { token: 'x' }],
      ['DELETE', '/mesh/certificate', {}],
      ['DELETE', '/mesh/users/the-admin', {}],
    ] as const) {
      for (const role of ['viewer', 'operator']) {
        expect([path, role, (await subject.api(method, path, body, users[role])).status]).toEqual([
          path,
          role,
          403,
        ]);
      }
    }
    expect(subject.restarts).toEqual([]);
  });

  it('nobody rises by changing himself, whatever he sends along', async () => {
    const cookie = cookieOf(
      await subject.ask({
        method: 'POST',
        path: '/api/session',
        headers: page(subject.port),
        body: JSON.stringify({ username: 'the-viewer', password: PASSWORD, role: 'admin' }),
      }),
    );
    const headers = { ...page(subject.port), cookie };
    const change = {
      current: PASSWORD,
      password: PASSWORD,
      role: 'admin',
      id: 1,
      user: 'the-admin',
      permissions: 'everything',
    };
    const answer = await subject.ask({
      method: 'PUT',
      path: '/api/session/password',
      headers,
      body: JSON.stringify(change),
    });
    expect(answer.json.response).toMatchObject({ user: 'the-viewer', role: 'viewer' });
    for (const extra of [
      { 'x-forwarded-user': 'the-admin' },
      { 'x-original-url': '/api/mesh/users' },
      { 'x-http-method-override': 'GET' },
    ]) {
      expect(
        (await subject.api('GET', '/mesh/users', undefined, { ...users.viewer!, ...(extra as object) }))
          .status,
      ).toBe(403);
    }
  });
});

describe('class 8: races', () => {
  it('one of many gets in with a URL that is good once', async () => {
    const { url } = (await subject.api('POST', '/access/url', { once: true })).json.response;
    const body = JSON.stringify({ access: url.split('=')[1] });
    const visits = await Promise.all(
      Array.from({ length: 10 }, () =>
        subject.ask({ method: 'POST', path: '/api/session/visit', headers: page(subject.port), body }),
      ),
    );
    expect(visits.filter(({ status }) => status === 200)).toHaveLength(1);
    await subject.api('GET', '/config');
  });

  it('of all administrators who demote each other at once one stays', async () => {
    const names = ['race-1', 'race-2', 'race-3'];
    for (const name of names) await subject.makeUser(name, 'admin');
    const all = [...names, 'the-admin'];
    await Promise.all(all.map((name) => subject.api('PUT', `/mesh/users/${name}`, { role: 'viewer' })));
    const admins = (await subject.api('GET', '/mesh/users')).json.response.filter(
      ({ role }: { role: string }) => role === 'admin',
    );
    expect(admins).toHaveLength(1);
    for (const name of all) await subject.api('PUT', `/mesh/users/${name}`, { role: 'admin' });
    for (const name of names) expect((await subject.api('DELETE', `/mesh/users/${name}`)).status).toBe(200);
  });

  it.each([
    ['removed', [0]],
    ['disabled', [1]],
    ['demoted', [2]],
    ['removed, disabled and demoted', [0, 1, 2]],
  ])('of all administrators who are %s at once one is left', async (_, ways) => {
    const names = ['race-1', 'race-2', 'race-3', 'race-4', 'race-5', 'race-6'];
    for (const name of names) await subject.makeUser(name, 'admin');
    await subject.api('PUT', '/mesh/users/the-admin', { role: 'viewer' });
    const attack = [
      (name: string) => subject.api('DELETE', `/mesh/users/${name}`),
      (name: string) => subject.api('PUT', `/mesh/users/${name}`, { disabled: true }),
      (name: string) => subject.api('PUT', `/mesh/users/${name}`, { role: 'operator' }),
    ];
    const answers = await Promise.all(names.map((name, at) => attack[ways[at % ways.length]!]!(name)));
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused.map(({ headers }) => headers['meshwright-error'])).toEqual(['USER_LAST_ADMIN']);
    const left = subject.context.access.users
      .list()
      .filter(({ role, disabled }) => role === 'admin' && !disabled);
    expect(left).toHaveLength(1);
    await subject.api('PUT', '/mesh/users/the-admin', { role: 'admin' });
    for (const name of names) await subject.api('DELETE', `/mesh/users/${name}`);
  });

  it('of many who come with the same code of a second factor one gets in', async () => {
    await subject.makeUser('with-code', 'viewer');
    const { users } = subject.context.access;
    const { id } = users.named('with-code');
    const secret = newTotp();
    users.setTotp(id, { ...secret, confirmed: true });
    const code = new TOTP({ secret: secret.secret }).generate();
    const body = JSON.stringify({ username: 'with-code', password: PASSWORD, code });
    const logins = await Promise.all(
      Array.from({ length: 4 }, () =>
        subject.ask({ method: 'POST', path: '/api/session', headers: page(subject.port), body }),
      ),
    );
    expect(logins.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(subject.context.access.sessions.list().filter(({ userId }) => userId === id)).toHaveLength(1);
    await subject.api('DELETE', '/mesh/users/with-code');
    expect(subject.context.access.sessions.list().filter(({ userId }) => userId === id)).toEqual([]);
  });

  it('a password is changed by one, and the old one is dead for the next request', async () => {
    const change = (password: string) => subject.api('PUT', '/api_password', { password });
    const answers = await Promise.all(['first new password', 'second new password'].map(change));
    expect(answers.map(({ status }) => status).sort()).toEqual(expect.arrayContaining([200]));
    const works = await Promise.all(
      ['first new password', 'second new password', API_PASSWORD].map(
        async (password) => (await subject.api('GET', '/config', undefined, basic('api', password))).status,
      ),
    );
    expect(works.filter((status) => status === 200)).toHaveLength(1);
    expect(works[2]).toBe(401);
    await subject.controller.apiPassword.set(API_PASSWORD);
  });
});

describe('class 13: the first run', () => {
  it('is won by the holder of the code alone, once, among strangers who race for it', async () => {
    const fresh = await new HostileController().start();
    const code = fresh.context.access.setupCode.current();
    const setUp = (given: string, username: string) =>
      fresh.ask({
        method: 'POST',
        path: '/api/setup',
        headers: page(fresh.port),
        body: JSON.stringify({ code: given, username, password: PASSWORD }),
      });
    for (const username of ['vnscubed', 'admin', 'root']) {
      for (const password of ['vnscubed', 'admin', 'meshwright', 'password']) {
        const body = JSON.stringify({ username, password });
        const { status } = await fresh.ask({
          method: 'POST',
          path: '/api/session',
          headers: page(fresh.port),
          body,
        });
        expect([401, 429]).toContain(status);
        if (status === 429) break;
      }
    }
    const answers = await Promise.all(
      ['aaaa-aaaa-aaaa-aaaa', code, '', code].map((one, at) => setUp(one, `user${at}`)),
    );
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
    expect(fresh.context.access.users.list().length).toBeLessThanOrEqual(1);
    if (fresh.context.access.account.setupOpen) expect((await setUp(code, 'late')).status).toBe(200);
    expect((await setUp(code, 'again')).status).toBe(403);
    expect(fresh.context.access.users.list()).toHaveLength(1);
    await fresh.stop();
  });
});
