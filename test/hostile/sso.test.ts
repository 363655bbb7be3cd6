import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SingleSignOn } from '../../src/identity/single-sign-on.ts';
import { cookieOf, HostileController } from './support/controller.ts';
import { CLIENT, Forger, type Part, type Token } from './support/forger.ts';

/**
 * Class 9: answers of a provider that were forged, replayed or meant for somebody else. The issuer here signs with
 * real keys and may lie; whoever gets in would be an administrator.
 */
let forger: Forger;
let subject: HostileController;
const log = vi.spyOn(console, 'error').mockImplementation(() => {});

beforeEach(async () => {
  log.mockClear();
  forger = await new Forger().start();
  subject = await new HostileController().start(({ identity, roleMappings, access }) => {
    const fetch = { ca: forger.ca, guard: forger.guard };
    return { singleSignOn: new SingleSignOn({ store: identity, mappings: roleMappings, ...access, fetch }) };
  });
  await configure();
  const groups = [
    { group: 'net-admins', role: 'admin' },
    { group: 'net-eyes', role: 'viewer' },
  ];
  expect((await subject.api('PUT', '/mesh/identity/roles', { claim: 'groups', groups })).status).toBe(200);
});
afterEach(async () => {
  await subject.stop();
  await forger.stop();
});

async function configure(change: Part = {}) {
  const settings = { provider: 'oidc', enabled: true, identifier: CLIENT.id, secret: CLIENT.secret };
  const put = await subject.api('PUT', '/identity/controller', {
    ...settings,
    issuer: forger.issuer,
    ...change,
  });
  expect(put.status).toBe(200);
}
const get = (path: string, cookie = '', host = `127.0.0.1:${subject.port}`) =>
  subject.ask({ path, headers: { host, ...(cookie && { cookie }) } });
async function begin() {
  const reply = await get('/api/session/oidc');
  return { url: String(reply.headers.location), cookie: cookieOf(reply) };
}
async function logIn() {
  const { url, cookie } = await begin();
  return get(forger.authorize(url).callback, cookie);
}
type Reply = Awaited<ReturnType<typeof get>>;
const users = () => subject.context.access.users.list().map(({ name, role }) => [name, role]);
const sessions = () => subject.context.access.sessions.list().length;

/** Back at the console's page with a reason; no session, no user, and a line in the log of what was attempted. */
function expectRefused(reply: Reply, code = 'SSO_FAILED') {
  expect([reply.status, reply.headers.location]).toEqual([302, `/?login_error=${code}`]);
  expect(String(reply.headers['set-cookie'] ?? '')).not.toContain('__Host-meshwright=');
  expect([users(), sessions()]).toEqual([[], 0]);
  expect(subject.context.audit.log.list({ limit: 1 })[0]).toMatchObject({
    action: 'GET /api/session/oidc/callback',
    actor: 'unknown',
    source: '127.0.0.1',
    error: code,
    changes: [],
  });
  expect(subject.defects).toEqual([]);
}
function expectLetIn(reply: Reply, role = 'admin') {
  expect(reply.headers.location).toBe('/');
  expect(String(reply.headers['set-cookie'])).toContain('__Host-meshwright=');
  expect([users(), sessions()]).toEqual([[['mallory', role]], 1]);
}

it('class 9: what nobody forged is let in, or nothing below would prove anything', async () => {
  expectLetIn(await logIn());
  expect(subject.context.audit.log.list({ limit: 1 })[0]).toMatchObject({ actor: 'mallory', error: null });
});

const now = () => Math.floor(Date.now() / 1000);
/** Times are those of the login: the file takes longer than clocks may differ. */
const withClaims = (change: Part | (() => Part)) => (token: Token) =>
  forger.signed(token.header, { ...token.claims, ...(typeof change === 'function' ? change() : change) });
const withHeader = (change: Part) => (token: Token) =>
  forger.signed({ ...token.header, ...change }, token.claims);
const FORGERIES: [string, (token: Token) => string | undefined][] = [
  ['no token at all', () => undefined],
  ['a text that is no token', () => 'x.y.z'],
  ['alg none', (token) => forger.unsigned(token, 'none')],
  ['alg None', (token) => forger.unsigned(token, 'None')],
  ['RS256 without a signature', (token) => forger.unsigned(token, 'RS256')],
  [
    'a signature by another key',
    ({ header, claims }) => forger.signed(header, claims, forger.otherKeys.privateKey),
  ],
  [
    'a key that it brings along',
    ({ header, claims }) => {
      const { privateKey, publicKey } = forger.otherKeys;
      return forger.signed({ ...header, jwk: publicKey.export({ format: 'jwk' }) }, claims, privateKey);
    },
  ],
  ['a key of a name that was not published', withHeader({ kid: 'k2' })],
  ['HS256 with the public key', ({ claims }) => forger.withSecret(claims, forger.publicKey)],
  ["HS256 with the client's secret", ({ claims }) => forger.withSecret(claims, CLIENT.secret)],
  ['HS256 with nothing', ({ claims }) => forger.withSecret(claims, '')],
  ['a header that must be understood', withHeader({ crit: ['exotic'], exotic: 1 })],
  [
    'claims that were changed afterwards',
    ({ header, claims }) => {
      const [head, , signature] = forger.signed(header, { ...claims, sub: 'bob' }).split('.');
      return [head, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
    },
  ],
  ['another audience', withClaims({ aud: 'another-client' })],
  ['several audiences, for another party', withClaims({ aud: [CLIENT.id, 'x'], azp: 'x' })],
  ['no audience', withClaims({ aud: undefined })],
  ['another issuer', withClaims({ iss: 'https://issuer.invalid' })],
  ['no issuer', withClaims({ iss: undefined })],
  ['another nonce', withClaims({ nonce: 'of-another-login' })],
  ['no nonce', withClaims({ nonce: undefined })],
  ['an end in the past', withClaims(() => ({ exp: now() - 60, iat: now() - 600 }))],
  ['no end', withClaims({ exp: undefined })],
  ['an end that is text', withClaims(() => ({ exp: String(now() + 300) }))],
  ['a beginning in the future', withClaims(() => ({ nbf: now() + 120 }))],
  ['a making in the future', withClaims(() => ({ iat: now() + 120 }))],
  ['no time of making', withClaims({ iat: undefined })],
  ['no subject', withClaims({ sub: undefined })],
  ['an empty subject', withClaims({ sub: '' })],
  ['a subject that is a number', withClaims({ sub: 1 })],
  ['a subject that is a list', withClaims({ sub: ['mallory'] })],
];

it.each(FORGERIES)('class 9: an ID token with %s opens nothing', async (_, token) => {
  forger.token = token;
  expectRefused(await logIn());
  const told = log.mock.calls.flat().join('\n');
  expect(told).toMatch(/single sign-on: /);
  expect(told).not.toMatch(/eyJ|hostile-client-secret|an-access-token/);
});

it.each([
  ['an end', () => ({ exp: now() - 5, iat: now() - 300 })],
  ['a beginning', () => ({ nbf: now() + 5 })],
  ['a making', () => ({ iat: now() + 5 })],
])('class 20: %s that is off by what two clocks may differ is taken', async (_, claims) => {
  forger.token = withClaims(claims);
  expectLetIn(await logIn());
});

describe('the way there and back', () => {
  it('class 9: a login counts in the browser and for the state that it was begun with', async () => {
    const mine = await begin();
    const other = await begin();
    const { code, callback } = forger.authorize(other.url);
    expectRefused(await get(callback, mine.cookie));
    const state = new URL(mine.url).searchParams.get('state');
    // The attempt used up what was begun, so that not even the right state helps afterwards.
    expectRefused(
      await get(`/api/session/oidc/callback?code=${code}&state=${state}`, mine.cookie),
      'SSO_FORGOTTEN',
    );
    expectRefused(await get(callback), 'SSO_FORGOTTEN');
    expect(forger.redeemed).toEqual([]);
  });

  it('class 9: a code that was taken from another login is worth nothing in this one', async () => {
    const victim = forger.authorize((await begin()).url);
    const mine = await begin();
    const { state } = forger.authorize(mine.url);
    expectRefused(await get(`/api/session/oidc/callback?code=${victim.code}&state=${state}`, mine.cookie));
    expect(forger.redeemed).toHaveLength(1);
  });

  it('class 9: a code is redeemed once, however often the browser comes back with it', async () => {
    const { url, cookie } = await begin();
    const { callback } = forger.authorize(url);
    const replies = await Promise.all(Array.from({ length: 8 }, () => get(callback, cookie)));
    expect(replies.filter(({ headers }) => headers.location === '/')).toHaveLength(1);
    expect((await get(callback, cookie)).headers.location).toBe('/?login_error=SSO_FORGOTTEN');
    expect([forger.redeemed.length, users().length, sessions()]).toEqual([1, 1, 1]);
  });

  it('class 9: every code is asked for with a fresh challenge and redeemed with its verifier', async () => {
    const urls = [(await begin()).url, (await begin()).url].map((url) => new URL(url).searchParams);
    for (const name of ['code_challenge', 'state', 'nonce']) {
      const values = urls.map((url) => url.get(name));
      expect([name, new Set(values).size, values.every((value) => value!.length >= 43)]).toEqual([
        name,
        2,
        true,
      ]);
    }
    expect(urls.map((url) => url.get('code_challenge_method'))).toEqual(['S256', 'S256']);
    // Without its challenge a code is for nobody: the verifier that comes along fits nothing.
    const { url, cookie } = await begin();
    const stripped = url.replace(/code_challenge=[^&]+/, '');
    expectRefused(await get(forger.authorize(stripped).callback, cookie));
    await logIn();
    for (const form of forger.redeemed) expect(form.get('code_verifier')).toMatch(/^[\w-]{43,128}$/);
  });

  it('class 9: the address to come back to is the one that was begun with, not that of a Host header', async () => {
    const { url, cookie } = await begin();
    const { callback } = forger.authorize(url);
    expectRefused(await get(callback, cookie, 'evil.example'), 'HOST_NOT_ALLOWED');
    expectLetIn(await get(callback, cookie, 'localhost:1'));
    const own = `https://127.0.0.1:${subject.port}/api/session/oidc/callback`;
    expect(forger.redeemed.map((form) => form.get('redirect_uri'))).toEqual([own]);
  });

  it('class 17: whoever begins logins without end pushes out his own alone', async () => {
    const begun = await begin();
    const others = { path: '/api/session/oidc', headers: { host: `127.0.0.1:${subject.port}` } };
    const first = cookieOf(await subject.ask({ ...others, from: '127.0.0.2' }));
    for (let at = 0; at < 120; at++) await subject.ask({ ...others, from: '127.0.0.2' });
    const { callback } = forger.authorize(begun.url);
    const forgotten = await get(callback.replace(/state=.*/, 'state=x'), first);
    expect(forgotten.headers.location).toBe('/?login_error=SSO_FORGOTTEN');
    expectLetIn(await get(callback, begun.cookie));
  });

  it('class 9: what was begun at one issuer does not end at another', async () => {
    const { url, cookie } = await begin();
    const second = await new Forger().start();
    await configure({ issuer: second.issuer });
    expectRefused(await get(forger.authorize(url).callback, cookie), 'SSO_FORGOTTEN');
    expect([forger.redeemed, second.redeemed]).toEqual([[], []]);
    await second.stop();
  });
});

describe('what the issuer says of itself', () => {
  it.each([
    ['another issuer', { issuer: 'https://issuer.invalid' }],
    ['no issuer', { issuer: undefined }],
    ['a token endpoint without TLS', { token_endpoint: 'http://127.0.0.1:1/token' }],
    ['keys without TLS', { jwks_uri: 'http://127.0.0.1:1/jwks' }],
    ['keys at the metadata address', { jwks_uri: 'https://169.254.169.254/jwks' }],
    ['a token endpoint at the metadata address', { token_endpoint: 'https://169.254.169.254/token' }],
    ['no keys', { jwks_uri: undefined }],
  ])('class 9: %s ends the login', async (_, change) => {
    forger.discovery = (document) => ({ ...document, ...change });
    const { url, cookie } = await begin();
    if (url === '/?login_error=SSO_FAILED') {
      expect([users(), sessions(), forger.redeemed]).toEqual([[], 0, []]);
      return;
    }
    expectRefused(await get(forger.authorize(url).callback, cookie));
  });

  it('class 9: that it offers weak algorithms does not make them good', async () => {
    const id_token_signing_alg_values_supported = ['none', 'HS256'];
    forger.discovery = (document) => ({ ...document, id_token_signing_alg_values_supported });
    for (const token of [
      (token: Token) => forger.unsigned(token, 'none'),
      ({ claims }: Token) => forger.withSecret(claims, forger.publicKey),
      ({ claims }: Token) => forger.withSecret(claims, CLIENT.secret),
    ]) {
      forger.token = token;
      expectRefused(await logIn());
    }
  });
});

describe('groups', () => {
  it.each<[string, unknown]>([
    ['a text', 'net-admins'],
    ['a text with several', 'net-eyes net-admins'],
    ['an object', { 'net-admins': true }],
    ['an object that looks like a list', { 0: 'net-admins', length: 1 }],
    ['a list in a list', [['net-admins']]],
    ['objects in a list', [{ name: 'net-admins' }, { toString: 'net-admins' }]],
    ['a number', 1],
    ['nothing', null],
    ['true', true],
    ['names that are only similar', ['NET-ADMINS', 'net-admins ', 'net-admins\0', 'nеt-admins']],
    ['an empty list', []],
  ])('class 9: %s gives no role, and whoever has none stays outside', async (_, groups) => {
    forger.more = { groups };
    expectRefused(await logIn(), 'SSO_NO_ROLE');
  });

  it('class 9: the least of two roles is given to whoever is in its group alone, among groups of no meaning', async () => {
    forger.more = { groups: [7, null, 'strangers', 'net-eyes', { x: 'net-admins' }] };
    expectLetIn(await logIn(), 'viewer');
  });

  it('class 9: without a mapping nobody is let in', async () => {
    await subject.api('PUT', '/mesh/identity/roles', { claim: 'groups', groups: [] });
    expectRefused(await logIn(), 'SSO_NO_ROLE');
  });

  it.each(['__proto__', 'constructor', 'toString'])('class 19: a claim %s is none', async (claim) => {
    const groups = [{ group: 'net-admins', role: 'admin' }];
    forger.userinfo = { sub: 'mallory' };
    const put = await subject.api('PUT', '/mesh/identity/roles', { claim, groups });
    expect(put.status).toBe(200);
    expectRefused(await logIn(), 'SSO_NO_ROLE');
  });

  it('class 9: groups of somebody else at the userinfo endpoint are not his', async () => {
    forger.more = { groups: undefined };
    forger.userinfo = { sub: 'the-boss', groups: ['net-admins'] };
    expectRefused(await logIn());
    forger.userinfo = { groups: ['net-admins'] };
    expectRefused(await logIn());
    forger.userinfo = { sub: 'mallory', groups: ['net-eyes'], iss: 'https://issuer.invalid' };
    expectLetIn(await logIn(), 'viewer');
    expect(subject.context.access.users.named('mallory').identity?.issuer).toBe(forger.issuer);
  });
});
