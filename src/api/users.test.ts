import type { FastifyInstance } from 'fastify';
import { TOTP } from 'otpauth';
import { beforeEach, describe, expect, it } from 'vitest';
import { buildServer } from './server.ts';
import { BASIC, testContext } from './test-context.ts';

const PASSWORD = 'correct horse';
const page = { host: '192.0.2.10:8000', 'sec-fetch-site': 'same-origin' };
const basic = (user: string, password = PASSWORD) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});
const admin = { authorization: BASIC };
let app: FastifyInstance;
let context: Awaited<ReturnType<typeof testContext>>;

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
async function ask(method: Method, url: string, payload?: object, headers: Record<string, string> = admin) {
  const reply = await app.inject({ method, url: `/api${url}`, headers, ...(payload && { payload }) });
  const code = reply.headers['meshwright-error'];
  return {
    status: reply.statusCode,
    code,
    field: reply.headers['meshwright-field'],
    reply,
    body: reply.json(),
  };
}
const logIn = async (username: string, password = PASSWORD, code?: string) => {
  const answer = await ask('POST', '/session', { username, password, ...(code && { code }) }, page);
  return { ...answer, as: { ...page, cookie: String(answer.reply.headers['set-cookie']).split(';')[0]! } };
};
const make = (name: string, role = 'viewer') =>
  ask('POST', '/mesh/users', { name, password: PASSWORD, role });

beforeEach(async () => {
  context = await testContext();
  ({ app } = await buildServer(context.ctx));
  expect((await make('root', 'admin')).status).toBe(200);
});

describe('roles', () => {
  it('hold for the console and for the API alike', async () => {
    await make('ops', 'operator');
    await make('eye');
    for (const [user, get, put, users] of [
      ['root', 200, 200, 200],
      ['ops', 200, 200, 403],
      ['eye', 200, 403, 403],
    ] as const) {
      for (const headers of [basic(user), (await logIn(user)).as]) {
        expect((await ask('GET', '/config', undefined, headers)).status).toBe(get);
        expect((await ask('PUT', '/config', { topology_name: user }, headers)).status).toBe(put);
        expect((await ask('GET', '/mesh/users', undefined, headers)).status).toBe(users);
        expect((await ask('GET', '/local/credentials', undefined, headers)).status).toBe(403);
      }
    }
    expect(context.ctx.names.topologyName()).toBe('ops');
  });

  it('are told, computed from what routes need', async () => {
    await make('eye');
    const { body } = await ask('GET', '/mesh/roles', undefined, basic('eye'));
    expect(body.response.viewer).toContain('routes:read');
    expect(body.response.viewer).not.toContain('routes:write');
    expect(body.response.operator).toContain('routes:write');
    expect(body.response.operator).not.toContain('users:read');
    expect(body.response.admin).toContain('users:write');
    expect(JSON.stringify(body)).not.toContain('local');
  });

  it('are nothing that somebody gives himself', async () => {
    await make('eye');
    const eye = basic('eye');
    expect((await ask('PUT', '/mesh/users/eye', { role: 'admin' }, eye)).status).toBe(403);
    expect((await ask('POST', '/access/token', { expires: 60 }, eye)).status).toBe(403);
    const { as } = await logIn('eye');
    const change = { current: PASSWORD, password: 'another password', role: 'admin', username: 'eye2' };
    expect((await ask('PUT', '/session/password', change, as)).body.response.role).toBe('viewer');
    expect(context.ctx.access.users.named('eye2').role).toBe('viewer');
  });
});

describe('a user', () => {
  it('is out at once when he is removed, disabled, demoted or gets a new password', async () => {
    for (const [what, act] of [
      ['removed', () => ask('DELETE', '/mesh/users/bob')],
      ['disabled', () => ask('PUT', '/mesh/users/bob', { disabled: true })],
      ['a new password', () => ask('PUT', '/mesh/users/bob', { password: 'something else' })],
    ] as const) {
      await make('bob', 'admin');
      const { as } = await logIn('bob');
      const token = (await ask('POST', '/access/token', {}, basic('bob'))).body.response.token;
      expect((await ask('GET', '/config', undefined, { 'api-token': token })).status).toBe(200);
      expect([what, (await act()).status]).toEqual([what, 200]);
      expect([what, (await ask('GET', '/config', undefined, as)).status]).toEqual([what, 401]);
      expect([what, (await ask('GET', '/config', undefined, basic('bob'))).status]).toEqual([what, 401]);
      const expected = what === 'a new password' ? 200 : 401;
      const { status } = await ask('GET', '/config', undefined, { 'api-token': token });
      expect([what, status]).toEqual([what, expected]);
      if (what !== 'removed') await ask('DELETE', '/mesh/users/bob');
    }
  });

  it('takes his tokens down with his role', async () => {
    await make('bob', 'admin');
    const token = (await ask('POST', '/access/token', {}, basic('bob'))).body.response.token;
    expect((await ask('GET', '/mesh/users', undefined, { 'api-token': token })).status).toBe(200);
    await ask('PUT', '/mesh/users/bob', { role: 'viewer' });
    expect((await ask('GET', '/mesh/users', undefined, { 'api-token': token })).status).toBe(403);
    expect((await ask('GET', '/config', undefined, { 'api-token': token })).status).toBe(200);
  });

  it('has to be named, and cannot be the name of the API itself', async () => {
    expect((await make('root')).field).toBe('name');
    expect((await make('ROOT')).field).toBe('name');
    expect((await make('api')).field).toBe('name');
    expect((await make('a\nb')).field).toBe('name');
    expect((await make('x', 'god')).field).toBe('role');
    expect((await ask('POST', '/mesh/users', { name: 'x', password: 'short' })).field).toBe('password');
    expect((await ask('PUT', '/mesh/users/nobody', { role: 'admin' })).code).toBe('USER_UNKNOWN');
    expect(context.ctx.access.users.list()).toHaveLength(1);
  });

  it('who is the last administrator stays one, whoever asks and however', async () => {
    await make('eye');
    for (const act of [
      () => ask('DELETE', '/mesh/users/root'),
      () => ask('PUT', '/mesh/users/root', { role: 'viewer' }),
      () => ask('PUT', '/mesh/users/root', { disabled: true }),
    ]) {
      expect((await act()).code).toBe('USER_LAST_ADMIN');
      expect(context.ctx.access.users.named('root')).toMatchObject({ role: 'admin', disabled: false });
    }
    await make('second', 'admin');
    const both = await Promise.all([
      ask('PUT', '/mesh/users/root', { role: 'viewer' }),
      ask('DELETE', '/mesh/users/second'),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 403]);
  });
});

describe('sessions', () => {
  it('are listed and ended: all by an administrator, their own by others', async () => {
    await make('eye');
    const first = await logIn('eye');
    const second = await logIn('eye');
    const boss = await logIn('root');
    const list = async (headers: Record<string, string>) =>
      (await ask('GET', '/mesh/sessions', undefined, headers)).body.response as {
        id: string;
        user: string;
        is_own: boolean;
      }[];
    expect((await list(boss.as)).map(({ user }) => user).sort()).toEqual(['eye', 'eye', 'root']);
    const own = await list(first.as);
    expect(own.map(({ user, is_own }) => [user, is_own]).sort()).toEqual([
      ['eye', false],
      ['eye', true],
    ]);
    const boss_id = (await list(boss.as)).find(({ is_own }) => is_own)!.id;
    expect((await ask('DELETE', `/mesh/sessions/${boss_id}`, undefined, first.as)).code).toBe(
      'SESSION_UNKNOWN',
    );
    expect((await ask('GET', '/config', undefined, boss.as)).status).toBe(200);
    const other = own.find(({ is_own }) => !is_own)!.id;
    expect((await ask('DELETE', `/mesh/sessions/${other}`, undefined, first.as)).status).toBe(200);
    expect((await ask('GET', '/config', undefined, second.as)).status).toBe(401);
    expect((await ask('GET', '/config', undefined, first.as)).status).toBe(200);
  });
});

describe('the second factor', () => {
  const path = '/session/second-factor';
  const codeOf = (secret: string, at = Date.now()) => new TOTP({ secret }).generate({ timestamp: at });

  async function turnOn() {
    await make('bob', 'operator');
    const { as } = await logIn('bob');
    const { secret, uri } = (await ask('POST', path, undefined, as)).body.response;
    expect(uri).toContain(secret);
    expect((await ask('PUT', path, { code: '000000' }, as)).code).toBe('SECOND_FACTOR_WRONG');
    const on = await ask('PUT', path, { code: codeOf(secret, Date.now() - 30_000) }, as);
    expect(on.status).toBe(200);
    return { as, secret: secret as string, recovery: on.body.response.recovery_codes as string[] };
  }

  it('is asked for at the login, once per code', async () => {
    const { secret, recovery } = await turnOn();
    expect((await logIn('bob')).code).toBe('SECOND_FACTOR_NEEDED');
    expect((await logIn('bob', 'wrong password')).code).toBe('LOGIN_FAILED');
    expect((await logIn('bob', 'wrong password', codeOf(secret))).code).toBe('LOGIN_FAILED');
    const code = codeOf(secret);
    const both = await Promise.all([logIn('bob', PASSWORD, code), logIn('bob', PASSWORD, code)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 401]);
    expect((await logIn('bob', PASSWORD, recovery[0])).status).toBe(200);
    expect((await logIn('bob', PASSWORD, recovery[0])).code).toBe('SECOND_FACTOR_WRONG');
  });

  it('has no way around it: a password alone opens no API', async () => {
    await turnOn();
    expect((await ask('GET', '/config', undefined, basic('bob'))).code).toBe('SECOND_FACTOR_NEEDED');
    expect((await ask('GET', '/config', undefined, basic('bob', 'wrong one'))).code).toBe('UNAUTHORIZED');
  });

  it('is turned off with a code or by an administrator, and by nobody else', async () => {
    const { as, secret } = await turnOn();
    expect((await ask('DELETE', path, { code: '000000' }, as)).code).toBe('SECOND_FACTOR_WRONG');
    expect((await ask('POST', path, undefined, as)).code).toBe('SECOND_FACTOR_ON');
    expect((await ask('DELETE', path, { code: codeOf(secret) }, as)).status).toBe(200);
    expect((await logIn('bob')).status).toBe(200);
    expect((await ask('DELETE', '/mesh/users/bob/second-factor', undefined, as)).status).toBe(403);
    expect((await ask('POST', path, undefined, admin)).code).toBe('SESSION_ONLY');
  });

  it('which is lost is reset by an administrator', async () => {
    const { as } = await turnOn();
    expect((await ask('DELETE', '/mesh/users/bob/second-factor')).status).toBe(200);
    expect((await ask('GET', '/config', undefined, as)).status).toBe(401);
    expect((await logIn('bob')).status).toBe(200);
  });

  it('rests where no answer shows it', async () => {
    const { as, secret } = await turnOn();
    for (const url of ['/mesh/users', '/mesh/sessions', '/session', path]) {
      const { reply } = await ask('GET', url, undefined, url === '/mesh/users' ? admin : as);
      expect(reply.body).not.toContain(secret);
    }
  });
});
