import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { CLIENT, logInAt, startProvider, type TestProvider } from '../identity/oidc.fixture.ts';
import { SingleSignOn } from '../identity/single-sign-on.ts';
import { buildServer } from './server.ts';
import { BASIC, testContext } from './test-context.ts';

const HOST = '192.0.2.10:8000';
const REDIRECT = `https://${HOST}/api/session/oidc/callback`;
let provider: TestProvider;
let app: FastifyInstance;
let context: Awaited<ReturnType<typeof testContext>>;
let now: number;
const errors = vi.spyOn(console, 'error').mockImplementation(() => {});

beforeAll(async () => {
  provider = await startProvider(REDIRECT);
});
afterAll(() => provider.stop());

beforeEach(async () => {
  now = Date.now();
  errors.mockClear();
  context = await testContext();
  const { identity, roleMappings, access } = context.ctx;
  const fetch = { ca: provider.ca, guard: provider.guard };
  const options = { store: identity, mappings: roleMappings, ...access, fetch, now: () => now };
  ({ app } = await buildServer({ ...context.ctx, singleSignOn: new SingleSignOn(options) }));
  provider.people.alice = { groups: ['staff', 'net-admins'], preferred_username: 'alice' };
  provider.people.bob = { groups: ['net-eyes'], email: 'alice@example.org', email_verified: false };
  provider.people.eve = { groups: ['strangers'] };
  expect((await put('/identity/controller', settings())).status).toBe(200);
  const groups = [
    { group: 'net-admins', role: 'operator' },
    { group: 'net-eyes', role: 'viewer' },
  ];
  expect((await put('/mesh/identity/roles', { claim: 'groups', groups })).status).toBe(200);
});
afterEach(() => app.close());

const settings = () => ({
  provider: 'oidc',
  enabled: true,
  identifier: CLIENT.id,
  secret: CLIENT.secret,
  issuer: provider.issuer,
  redirect_hostname: '192.0.2.10',
});
async function put(url: string, payload: object) {
  const reply = await app.inject({
    method: 'PUT',
    url: `/api${url}`,
    payload,
    headers: { authorization: BASIC },
  });
  return {
    status: reply.statusCode,
    told: reply.json().response,
    error: reply.json().error,
    body: reply.body,
  };
}
const get = async (url: string, cookie = '') =>
  app.inject({ url: `/api${url}`, headers: { host: HOST, cookie } });
type Reply = Awaited<ReturnType<typeof get>>;
const cookiesOf = (reply: Reply) =>
  [reply.headers['set-cookie'] ?? []].flat().map((one) => String(one).split(';')[0]!);

async function begin() {
  const reply = await get('/session/oidc');
  expect(reply.statusCode).toBe(302);
  expect(String(reply.headers['set-cookie'])).toMatch(/Secure; HttpOnly; SameSite=Lax/);
  return { url: String(reply.headers.location), cookie: cookiesOf(reply)[0]! };
}
/** The whole way of a browser; what it comes back with may be changed on the way. */
async function logIn(login: string, { change = (url: string) => url, cookie = '' } = {}) {
  const begun = await begin();
  const back = change(await logInAt(provider, begun.url, login));
  const reply = await get(back.replace(/^.*\/api/, ''), cookie || begun.cookie);
  const session = cookiesOf(reply).find((one) => one.startsWith('__Host-meshwright=')) ?? '';
  return { reply, target: reply.headers.location, session, back, begun };
}
const failed = (code: string) => `/?login_error=${code}`;

describe('login through a provider', () => {
  it('makes a user of issuer and subject with the role of his groups, who may do that much', async () => {
    const { target, session, begun } = await logIn('alice');
    const asked = new URL(begun.url).searchParams;
    expect(asked.get('code_challenge_method')).toBe('S256');
    expect(asked.get('nonce')).toMatch(/.{20}/);
    expect(target).toBe('/');
    const page = { host: HOST, cookie: session, 'sec-fetch-site': 'same-origin' };
    const shown = (await app.inject({ url: '/api/session', headers: page })).json().response;
    expect(shown).toMatchObject({
      authenticated: true,
      user: 'alice',
      role: 'operator',
      single_sign_on: true,
    });
    expect((await app.inject({ url: '/api/mesh/users', headers: page })).statusCode).toBe(403);
    expect(context.ctx.access.users.list()).toMatchObject([
      { name: 'alice', role: 'operator', identity: { issuer: provider.issuer, subject: 'alice' } },
    ]);
    await logIn('alice');
    expect(context.ctx.access.users.list()).toHaveLength(1);
    expect(context.ctx.audit.log.list({ limit: 1 })[0]).toMatchObject({ actor: 'alice', error: null });
  });

  it('follows a change of groups at the next login, and ends what was begun before', async () => {
    const { session } = await logIn('alice');
    provider.people.alice = { groups: ['net-eyes'] };
    await logIn('alice');
    expect(context.ctx.access.users.named('alice').role).toBe('viewer');
    expect((await get('/config', session)).statusCode).toBe(401);
    provider.people.alice = { groups: [] };
    expect((await logIn('alice')).target).toBe(failed('SSO_NO_ROLE'));
  });

  it('never takes somebody for the one whose name or unverified address he says he has', async () => {
    const { users } = context.ctx.access;
    await users.create({ name: 'alice', password: 'a password', role: 'admin' });
    const { target } = await logIn('alice');
    expect(target).toBe('/');
    expect(users.list().map(({ name, role }) => [name, role])).toEqual([
      ['alice', 'admin'],
      ['alice-2', 'operator'],
    ]);
    await logIn('bob');
    expect(users.list().at(-1)).toMatchObject({ name: 'bob', role: 'viewer' });
  });

  it('lets nobody in without a role, nor one who was disabled here', async () => {
    expect(await logIn('eve')).toMatchObject({ target: failed('SSO_NO_ROLE'), session: '' });
    await logIn('alice');
    context.db.run('UPDATE user SET disabled = 1');
    expect(await logIn('alice')).toMatchObject({ target: failed('LOGIN_FAILED'), session: '' });
    expect(context.ctx.access.users.list()).toHaveLength(1);
  });

  it('is bound to the browser that began it, once and for some minutes', async () => {
    const stranger = (await begin()).cookie;
    expect((await logIn('alice', { cookie: stranger })).target).toBe(failed('SSO_FAILED'));
    expect((await logIn('alice', { cookie: '__Host-meshwright-login=made-up' })).target).toBe(
      failed('SSO_FORGOTTEN'),
    );
    const first = await logIn('alice');
    const again = await get(first.back.replace(/^.*\/api/, ''), first.begun.cookie);
    expect(again.headers.location).toBe(failed('SSO_FORGOTTEN'));
    const slow = await begin();
    const back = await logInAt(provider, slow.url, 'alice');
    now += 11 * 60_000;
    expect((await get(back.replace(/^.*\/api/, ''), slow.cookie)).headers.location).toBe(
      failed('SSO_FORGOTTEN'),
    );
  });

  it.each([
    ['another state', (url: string) => url.replace(/state=[^&]+/, 'state=other')],
    ['another code', (url: string) => url.replace(/code=[^&]+/, 'code=other')],
    ['another issuer', (url: string) => url.replace(/iss=[^&]+/, 'iss=https%3A%2F%2Fevil.example')],
    ['no code', (url: string) => url.replace(/code=[^&]+&?/, '')],
    ['an error', (url: string) => url.replace(/code=[^&]+/, 'error=access_denied')],
    ['a state twice', (url: string) => `${url}&state=x`],
  ])('refuses %s', async (_, change) => {
    const { target, session } = await logIn('alice', { change });
    expect([target, session]).toEqual([failed('SSO_FAILED'), '']);
    expect(context.ctx.access.users.list()).toEqual([]);
    expect(JSON.stringify(errors.mock.calls)).not.toContain(CLIENT.secret);
  });

  it('goes nowhere that the request names, and is closed with the console', async () => {
    const evil = await app.inject({
      url: '/api/session/oidc?redirect=https://evil.example',
      headers: { host: 'evil.example' },
    });
    expect(evil.headers.location).toBe(failed('HOST_NOT_ALLOWED'));
    await put('/admin_ui', { enabled: false });
    expect((await get('/session/oidc')).headers.location).toBe(failed('CONSOLE_DISABLED'));
    await put('/admin_ui', { enabled: true });
    await put('/identity/controller', { ...settings(), enabled: false });
    expect((await get('/session/oidc')).headers.location).toBe(failed('SSO_OFF'));
    await put('/identity/controller', { ...settings(), issuer: 'https://169.254.169.254' });
    expect((await get('/session/oidc')).headers.location).toBe(failed('SSO_FAILED'));
  });

  it('is no way to take the last local administrator away', async () => {
    await context.ctx.access.users.create({ name: 'root', password: 'a password', role: 'admin' });
    await put('/mesh/identity/roles', { claim: 'groups', groups: [{ group: 'net-admins', role: 'admin' }] });
    const { session } = await logIn('alice');
    const headers = { host: HOST, cookie: session, 'sec-fetch-site': 'same-origin' };
    const reply = await app.inject({ method: 'DELETE', url: '/api/mesh/users/root', headers });
    expect(reply.headers['meshwright-error']).toBe('USER_LAST_ADMIN');
  });
});

describe('settings', () => {
  it('are those of the contract, with the secret masked and kept', async () => {
    const { body, told } = await put('/identity/controller/', settings());
    expect(told).toEqual({ ...settings(), secret: '********' });
    expect(body).not.toContain(CLIENT.secret);
    await put('/identity/controller', { ...settings(), secret: '********' });
    expect((await logIn('alice')).target).toBe('/');
    const reply = await app.inject({
      method: 'DELETE',
      url: '/api/identity/controller/',
      headers: { authorization: BASIC },
    });
    expect(reply.json()).toEqual({ response: { enabled: false } });
  });

  it.each([
    [{ provider: 'saml' }, 'provider'],
    [{ issuer: '' }, 'issuer'],
    [{ issuer: 'http://idp.example' }, 'issuer'],
    [{ issuer: 'https://user:pw@idp.example' }, 'issuer'],
    [{ jwks_uri: 'file:///etc/passwd' }, 'jwks_uri'],
    [{ identifier: 'a\nb' }, 'identifier'],
    [{ redirect_hostname: 'a/b' }, 'redirect_hostname'],
  ])('%j are refused', async (change, field) => {
    const reply = await put('/identity/controller', { ...settings(), ...change });
    expect([reply.status, reply.error.message]).toEqual([400, expect.stringContaining(field)]);
  });

  it('that this version does not use are kept and cannot be turned on', async () => {
    const ldap = { provider: 'ldap', host: '10.0.0.9', port: 389, bindpw: 'canary-bind' };
    const on = await put('/identity/vpn', { ...ldap, enabled: true });
    expect([on.status, on.error.message]).toEqual([403, 'Login of VPN clients through LDAP not available']);
    const off = await put('/identity/vpn', { ...ldap, enabled: 'False' });
    expect(off.told).toEqual({ ...ldap, enabled: false, bindpw: '********' });
    const headers = { authorization: BASIC };
    const test = await app.inject({ method: 'POST', url: '/api/identity/vpn/test', headers });
    expect(test.json().response.connect_success).toBe(false);
  });
});
