import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { buildServer } from '../api/server.ts';
import { createAuthority, issueLicense } from '../license/authority.ts';
import { Database } from '../store/database.ts';
import { Controller } from './controller.ts';

/** The whole guide of the console on a real controller, as far as one gets without an applier. */
const folder = mkdtempSync(join(tmpdir(), 'meshwright-console-api-'));
const FREE = readFileSync(new URL('../../licenses/free.license', import.meta.url), 'utf8');
const SECRETS = {
  token: 'canary-security-token',
  console: 'canary-console-password',
  api: 'canary-api-password',
};
let controller: Controller;
let app: FastifyInstance;
let cookie = '';

beforeAll(async () => {
  controller = new Controller(join(folder, 'controller.db'));
  await controller.apiPassword.ensure();
  ({ app } = await buildServer(controller.apiContext(null)));
});
afterAll(async () => {
  await app.close();
  controller.stop();
  rmSync(folder, { recursive: true });
});

const page = { host: '192.0.2.10:8000', 'sec-fetch-site': 'same-origin' };
async function ask(method: 'GET' | 'POST' | 'PUT', url: string, payload?: object | string) {
  const headers = { ...page, cookie, ...(typeof payload === 'string' && { 'content-type': 'text/plain' }) };
  const reply = await app.inject({
    method,
    url: `/api${url}`,
    headers,
    ...(payload !== undefined && { payload }),
  });
  return { status: reply.statusCode, headers: reply.headers, raw: reply.rawPayload, body: reply.body };
}
const told = (reply: { body: string }) => JSON.parse(reply.body).response;
const stored = () => new Database(join(folder, 'controller.db'));

it('is set up with the code that only the machine shows', async () => {
  const db = stored();
  const code = controller.apiContext(null).access.setupCode.current();
  const body = { code, username: 'admin', password: SECRETS.console, api_password: SECRETS.api };
  const reply = await ask('POST', '/setup', body);
  expect(reply.status).toBe(200);
  cookie = String(reply.headers['set-cookie']).split(';')[0]!;
  expect(JSON.stringify(db.all('SELECT * FROM secret'))).not.toContain(code);
  db.close();
});

it('says what a licence would do before it is uploaded', async () => {
  expect(told(await ask('GET', '/mesh/keyset'))).toMatchObject({ may_generate: false, may_fetch: true });
  const preview = told(await ask('POST', '/mesh/license/preview', FREE));
  expect(preview).toMatchObject({
    kind: 'new',
    grants: { controllers: 10, clients: 100, expires_at: null },
    current: null,
    added: null,
    needs_addresses: false,
    problem: null,
  });
  expect(preview.addressing.controllers).toHaveLength(10);
  expect(preview.addressing).toMatchObject({ client_count: 100 });
  expect(preview.addressing.client_ranges).toHaveLength(1);
  expect((await ask('GET', '/license')).status).toBe(403);

  const broken = await ask('POST', '/mesh/license/preview', FREE.replace(/[a-z]{3}/, 'xyz'));
  expect([broken.status, broken.headers['meshwright-error']]).toEqual([
    400,
    expect.stringMatching(/^LICENSE_/),
  ]);
  const { privateKeyPem } = createAuthority();
  const foreign = issueLicense({ issuedTo: 'x', controllers: 1, clients: 1 }, privateKeyPem);
  const refused = await ask('POST', '/mesh/license/preview', foreign);
  expect(refused.headers['meshwright-error']).toBe('LICENSE_AUTHORITY_UNKNOWN');
});

it('uploads the free licence and shows where parameters lead to, without storing them', async () => {
  const preview = (body: object) => ask('POST', '/mesh/license/parameters-preview', body);
  expect((await preview({ default: true })).status).toBe(403);
  expect(told(await ask('POST', '/mesh/license/free'))).toMatchObject({
    license: 'accepted',
    finalized: false,
  });
  const custom = await preview({ subnet: '172.31.7.0/24', managers: '172.31.7.10 172.31.7.11', clients: '' });
  expect(told(custom)).toMatchObject({
    subnet: '172.31.7.0/24',
    vip: '172.31.7.254',
    controllers: [
      { id: 1, address: '172.31.7.10', asn: 65001 },
      { id: 2, address: '172.31.7.11', asn: 65002 },
    ],
    client_ranges: ['172.31.7.1-172.31.7.9', '172.31.7.12-172.31.7.102'],
    free: 151,
  });
  const outside = await preview({ subnet: '172.31.7.0/24', managers: '10.0.0.1' });
  expect([outside.status, outside.headers['meshwright-field']]).toEqual([400, 'managers']);
  expect(told(await ask('GET', '/license'))).toMatchObject({ finalized: false });
});

it('accepts the default, and then keeps it', async () => {
  expect((await ask('PUT', '/license/parameters', { default: true })).status).toBe(200);
  const late = await ask('POST', '/mesh/license/parameters-preview', { subnet: '172.31.7.0/24' });
  expect(late.headers['meshwright-error']).toBe('LICENSE_PARAMETERS_FINAL');
});

it('tells how far the keyset is, and what may be done', async () => {
  const view = async () => told(await ask('GET', '/mesh/keyset'));
  expect(await view()).toEqual({
    state: 'absent',
    step: null,
    started_at: null,
    failure: null,
    checksum: null,
    may_generate: true,
    may_fetch: true,
  });
  await ask('PUT', '/keyset', { token: SECRETS.token });
  const running = await view();
  expect(running).toMatchObject({
    state: 'in_progress',
    step: 'generating',
    may_generate: false,
    may_fetch: false,
  });
  expect(Math.abs(running.started_at - Date.now())).toBeLessThan(5000);
  await vi.waitFor(async () => expect((await view()).state).toBe('present'), {
    timeout: 20_000,
    interval: 100,
  });
  expect(await view()).toMatchObject({ checksum: expect.stringMatching(/^[0-9a-f]{40}$/), may_fetch: false });
}, 25_000);

it('previews an upgrade and looks names up', async () => {
  const reply = await ask('POST', '/mesh/license/preview', FREE);
  expect(reply.headers['meshwright-error']).toBe('LICENSE_UPGRADE_IN_FORCE');
  expect(told(await ask('POST', '/mesh/resolve', { host: '192.0.2.7' }))).toEqual({
    addresses: ['192.0.2.7'],
    error: null,
    took_ms: 0,
  });
  const bad = await ask('POST', '/mesh/resolve', { host: 'a..b' });
  expect([bad.status, bad.headers['meshwright-field']]).toEqual([400, 'host']);
});

it('gives the history of a link, empty as it is', async () => {
  const columns = told(await ask('GET', '/mesh/history?peer=2&range=1h'));
  expect(columns).toMatchObject({ peer: 2, resolution_s: 10 });
  expect(columns.rtt_ms).toHaveLength(columns.at.length);
  expect((await ask('GET', '/mesh/history?peer=2&range=2h')).status).toBe(400);
  expect((await ask('GET', '/mesh/history?peer=11&range=1h')).status).toBe(400);
});

it('refuses ids that are no numbers by name, whatever they are', async () => {
  await ask('PUT', '/peering/self', { id: 1 });
  for (const id of [{ toString: null }, { toString: {}, valueOf: 1 }, [], null, '2x', true, 11]) {
    const requests = [
      ask('POST', '/mesh/join-codes', { id }),
      ask('PUT', '/peering/self', { id }),
      ask('POST', '/peering/peers', { id, name: '192.0.2.1' }),
    ];
    for (const { status } of await Promise.all(requests)) expect([id, status]).toEqual([id, 400]);
  }
});

it('makes a diagnostic file without a secret in it, whatever an error text holds', async () => {
  await ask('PUT', '/peering/self', { id: 1 });
  const { code } = told(await ask('POST', '/mesh/join-codes', { id: 2, address: '192.0.2.10' }));
  const db = stored();
  const secrets = db
    .all<{ key: string; value: string }>('SELECT key, value FROM secret')
    .flatMap(({ value }) => leaves(JSON.parse(value)))
    .flatMap((text) => (text.startsWith('-----BEGIN') ? text.split('\n').slice(1, -2) : [text]))
    .filter((text) => text.length >= 20 && !/^[0-9a-f]{8}-/.test(text));
  expect(secrets.length).toBeGreaterThan(300);
  // What must never happen: secrets in texts that are collected.
  const leak = secrets.slice(0, 40).join(' and ');
  db.run(
    "INSERT INTO event (at, kind, peer, detail) VALUES (1, 'link_down', 2, ?)",
    `leak: ${leak}, ${code}`,
  );
  db.close();

  const reply = await ask('GET', '/mesh/diagnostics');
  expect(reply.headers['content-type']).toBe('application/octet-stream');
  expect(reply.headers['content-disposition']).toMatch(
    /^attachment; filename="meshwright-diagnostics-\d{8}-\d{4}\.json\.gz"$/,
  );
  const text = gunzipSync(reply.raw).toString('utf8');
  const session = cookie.split('=')[1]!;
  for (const secret of [...secrets, ...Object.values(SECRETS), code, session]) {
    if (text.includes(secret)) throw new Error(`the file holds ${secret}`);
  }
  expect(text).not.toContain('PRIVATE KEY');
  const content = JSON.parse(text);
  expect(content).toMatchObject({
    format: 1,
    config: { peering: { in_force: { self: 1 } }, license: { grant: { controllers: 10 } } },
    status: { controller: { id: 1, keyset: 'present' } },
  });
  expect(content.config.keyset.checksum).toMatch(/^[0-9a-f]{40}$/);
  expect(content.doctor.length).toBeGreaterThan(5);
  expect(content.events.at(-1).text).toContain('[removed]');
});

function leaves(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [];
}
