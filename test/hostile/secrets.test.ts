import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROLES } from '../../src/access/roles.ts';
import { selfSignedCertificate } from '../../src/api/self-signed.ts';
import { Database } from '../../src/store/database.ts';
import { basic, cookieOf, page } from './support/caller.ts';
import { ControllerProcess } from './support/controller-process.ts';
import { operations, target } from './support/operations.ts';

/**
 * Classes 7 and 14: secrets of every kind are planted in a controller that runs as a process of its own, then everything
 * that leaves it is searched, and what the kernel shows of it.
 */
const CANARY = {
  api: 'canary-api-password-7f3a',
  admin: 'canary-admin-password-81bc',
  operator: 'canary-operator-password-2d',
  viewer: 'canary-viewer-password-99',
  token: 'canary-security-token-of-mesh-5e',
  oidc: 'canary-oidc-client-secret-a0',
  bind: 'canary-ldap-bind-password-77',
  radius: 'canary-radius-shared-secret-31',
};
let subject: ControllerProcess;
const secrets: Record<string, string> = { ...CANARY };
const headers: Record<string, Record<string, string>> = {};

beforeAll(async () => {
  subject = await new ControllerProcess().start();
  secrets.initialPassword = subject.apiPassword;
  const code = subject.setupCode;
  secrets.setupCode = code;
  const body = JSON.stringify({ code, username: 'admin', password: CANARY.admin, api_password: CANARY.api });
  const setUp = await subject.ask({ method: 'POST', path: '/api/setup', headers: page(subject.port), body });
  expect(setUp.status).toBe(200);
  secrets.session = cookieOf(setUp).split('=')[1]!;
  headers.api = basic('api', CANARY.api);
  const api = (method: string, path: string, json?: object) => subject.api(method, path, json, headers.api);
  for (const role of ROLES) {
    if (role !== 'admin')
      expect((await api('POST', '/mesh/users', { name: role, role, password: CANARY[role] })).status).toBe(
        200,
      );
    headers[role] = basic(role, CANARY[role]);
  }
  await subject.becomeMember(headers.api, CANARY.token);
  secrets.accessToken = (await api('POST', '/access/token', { name: 'canary' })).json.response.token;
  secrets.accessUrl = (await api('POST', '/access/url', {})).json.response.url.split('=')[1];
  const oidc = {
    provider: 'oidc',
    enabled: false,
    identifier: 'x',
    issuer: 'https://idp.invalid',
    secret: CANARY.oidc,
  };
  expect((await api('PUT', '/identity/controller', oidc)).status).toBe(200);
  const radius = { provider: 'radius', enabled: false, server: '10.0.0.2', pass: CANARY.radius };
  expect((await api('PUT', '/identity/vpn', radius)).status).toBe(200);
  const ldap = { provider: 'ldap', enabled: false, host: '10.0.0.1', bindpw: CANARY.bind };
  expect((await api('PUT', '/identity/vpn', ldap)).status).toBe(200);
  const pair = await selfSignedCertificate(['canary.example']);
  expect((await api('PUT', '/system/ssl/keypair', pair)).status).toBe(200);
  secrets.httpsKey = pair.key.split('\n')[1]!;
  const totp = await subject.ask({
    method: 'POST',
    path: '/api/session/second-factor',
    headers: { ...page(subject.port), cookie: cookieOf(setUp) },
  });
  secrets.totp = totp.json.response.secret;
  secrets.joinCode =
    (await api('POST', '/mesh/join-codes', { id: 2, address: '192.0.2.1' })).json.response?.code ??
    'no join code';
  const db = new Database(subject.database);
  for (const { key, value } of db.all<{ key: string; value: string }>(
    `SELECT key, value FROM secret WHERE key LIKE 'keyset%' OR key LIKE 'api%'`,
  )) {
    [...value.matchAll(/[A-Za-z0-9+/]{40,}={0,2}/g)].slice(0, 200).forEach(([run], at) => {
      secrets[`${key} ${at}`] = run;
    });
  }
  for (const { name, password } of db.all<{ name: string; password: string }>(
    'SELECT name, password FROM user',
  )) {
    secrets[`hash of ${name}`] = JSON.parse(password).hash;
  }
  db.close();
}, 120_000);
afterAll(() => subject.stop());

function found(text: string): string[] {
  return Object.entries(secrets)
    .filter(([, secret]) => text.includes(secret) || text.includes(encodeURIComponent(secret)))
    .map(([name]) => name);
}

it('class 7: secrets of every kind were planted', () => {
  expect(Object.keys(secrets).length).toBeGreaterThan(30);
  for (const [name, secret] of Object.entries(secrets))
    expect([name, secret.length >= 12]).toEqual([name, true]);
});

it('class 7: no answer to anybody holds one, over the whole API and for every role', {
  timeout: 120_000,
}, async () => {
  const reading = operations().filter(({ method, isStream }) => method === 'GET' && !isStream);
  expect(reading.length).toBeGreaterThan(40);
  let searched = 0;
  for (const operation of reading) {
    for (const who of [...ROLES, 'api', null] as const) {
      const path = target(operation, (name) =>
        name === 'id' ? 1 : name === 'limit' ? 100 : operation.path.includes(`{${name}}`) ? '1' : undefined,
      );
      const answer = await subject.ask({ path, headers: who === null ? {} : headers[who]! });
      // Clientpacks are keys, and given to those who may have them.
      if (
        operation.permission === 'clientpack-files:read' &&
        answer.status === 200 &&
        who !== 'viewer' &&
        who !== null
      )
        continue;
      searched++;
      const isPacked = /gzip|octet-stream/.test(String(answer.headers['content-type']));
      const text = isPacked ? answer.text : answer.text + JSON.stringify(answer.headers);
      expect([operation.path, who, found(text)]).toEqual([operation.path, who, []]);
    }
  }
  expect(searched).toBeGreaterThan(200);
});

it('class 7: the diagnostic bundle holds none', async () => {
  const bytes = await new Promise<Buffer>((resolve, reject) => {
    void import('node:https').then(({ request }) => {
      request(
        {
          host: '127.0.0.1',
          port: subject.port,
          path: '/api/mesh/diagnostics',
          headers: headers.api,
          rejectUnauthorized: false,
        },
        (answer) => {
          const chunks: Buffer[] = [];
          answer
            .on('data', (chunk: Buffer) => chunks.push(chunk))
            .on('end', () => resolve(Buffer.concat(chunks)));
        },
      )
        .on('error', reject)
        .end();
    });
  });
  const text = gunzipSync(bytes).toString('utf8');
  expect(text.length).toBeGreaterThan(1000);
  expect(found(text)).toEqual([]);
});

it('class 7: errors do not repeat what was sent as a secret', async () => {
  for (const [method, path, body] of [
    ['PUT', '/api_password', { password: `${CANARY.api}\n` }],
    ['POST', '/mesh/users', { name: 'x', password: `${CANARY.admin}\0` }],
    ['POST', '/session', { username: CANARY.admin, password: CANARY.admin }],
    ['PUT', '/keyset', { token: CANARY.token, source: CANARY.token }],
    [
      'PUT',
      '/identity/controller',
      { provider: 'oidc', enabled: true, secret: CANARY.oidc, identifier: 'x', issuer: 'x' },
    ],
    ['PUT', '/system/ssl/keypair', { cert: 'x', key: secrets.httpsKey }],
    ['POST', '/mesh/join', { code: `${secrets.joinCode}x` }],
    ['POST', '/session/visit', { access: secrets.accessUrl!.slice(1) }],
  ] as const) {
    const answer = await subject.api(method, path, body, headers.api);
    expect([path, answer.status >= 400, found(answer.text)]).toEqual([path, true, []]);
  }
});

it('class 7: what it logged and the audit log hold none', () => {
  expect(subject.output).toMatch(/controller: API on port/);
  expect(found(subject.output)).toEqual([]);
  const db = new Database(subject.database);
  const audit = db.all<{ entry: string }>('SELECT entry FROM audit').map(({ entry }) => entry);
  db.close();
  expect(audit.length).toBeGreaterThan(20);
  expect(found(audit.join('\n'))).toEqual([]);
});

it('class 14: the list of processes and what the kernel shows of the controller hold none', () => {
  const own = subject.watch.own();
  // What is searched is there to be read, so that an empty text proves nothing by accident.
  expect(own.cmdline).toContain('dist/server/controller.js');
  expect(own.environ).toContain(subject.folder);
  expect(found(own.cmdline + own.environ)).toEqual([]);
  for (const { cmdline, environ } of subject.watch.programs()) expect(found(cmdline + environ)).toEqual([]);
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    let text = '';
    try {
      text = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    } catch {
      continue;
    }
    expect([pid, found(text)]).toEqual([pid, []]);
  }
});

it('class 14: nothing was started meanwhile, so nothing else can have been told a secret', () => {
  expect([subject.isRunning, subject.watch.programs(), subject.watch.faultsOfEndedPrograms()]).toEqual([
    true,
    [],
    0,
  ]);
});

it('class 14: files and the control socket are for their owner alone', () => {
  expect(statSync(subject.controlSocket).mode & 0o777).toBe(0o600);
  const folder = dirname(subject.database);
  const files = readdirSync(folder);
  expect(files).toEqual(expect.arrayContaining(['controller.db']));
  for (const file of files) expect([file, statSync(join(folder, file)).mode & 0o077]).toEqual([file, 0]);
});

it('class 7: what rests in the store of tokens, URLs and sessions cannot be used', () => {
  const db = new Database(subject.database);
  const rows = JSON.stringify(
    ['access_token', 'access_url', 'session', 'audit', 'event'].map((table) =>
      db.all(`SELECT * FROM ${table}`),
    ),
  );
  db.close();
  expect(found(rows)).toEqual([]);
});
