import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cookieOf, HostileController, PASSWORD, page } from './support/controller.ts';

/** Classes 4 and 10: what pages of others make a browser do, and paths that lead out of where files are. */
let subject: HostileController;
let session: Record<string, string>;
const root = mkdtempSync(join(tmpdir(), 'meshwright-pages-'));

beforeAll(async () => {
  writeFileSync(join(root, 'index.html'), '<!doctype html><title>console</title>');
  subject = await new HostileController().start({ webRoot: root });
  await subject.makeUser('root', 'admin');
  const body = JSON.stringify({ username: 'root', password: PASSWORD });
  const login = await subject.ask({
    method: 'POST',
    path: '/api/session',
    headers: page(subject.port),
    body,
  });
  session = { host: `127.0.0.1:${subject.port}`, cookie: cookieOf(login) };
});
afterAll(async () => {
  await subject.stop();
  rmSync(root, { recursive: true });
});
const change = (headers: Record<string, string>) =>
  subject.ask({
    method: 'PUT',
    path: '/api/config',
    headers: { ...session, ...headers },
    body: '{"topology_name":"taken"}',
  });

it.each([
  ['another site', { 'sec-fetch-site': 'cross-site' }],
  ['a neighbour of the same site', { 'sec-fetch-site': 'same-site' }],
  ['a bookmark', { 'sec-fetch-site': 'none' }],
  ['another origin', { origin: 'https://evil.example' }],
  ['a page without an origin', { origin: 'null' }],
  ['a form', { origin: 'https://evil.example', 'content-type': 'text/plain' }],
  ['nobody knows where', {}],
])('class 10: a session is not used by %s', async (_, headers) => {
  expect((await change(headers)).status).toBe(403);
  expect(subject.context.names.topologyName()).toBe('');
});

it.each([
  'evil.example',
  'evil.example:8000',
  '127.0.0.1.evil.example',
  '2130706433',
  '0x7f.1',
  'localhost.evil',
])('class 10: a name %s that was made to lead here is not ours', async (host) => {
  const reply = await change({ host, 'sec-fetch-site': 'same-origin' });
  expect([reply.status, reply.headers['meshwright-error']]).toEqual([403, 'HOST_NOT_ALLOWED']);
  expect((await subject.ask({ path: '/api/session', headers: { ...session, host } })).status).toBe(403);
});

it('class 10: no answer invites another origin, an embedding page or a guess at its type', async () => {
  const origin = { origin: 'https://evil.example', 'access-control-request-method': 'PUT' };
  for (const [method, path] of [
    ['OPTIONS', '/api/config'],
    ['GET', '/api/config'],
    ['GET', '/api/unknown'],
    ['GET', '/'],
    ['GET', '/peering'],
  ] as const) {
    const { headers } = await subject.ask({ method, path, headers: { ...session, ...origin } });
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    if (method !== 'GET') continue;
    expect([path, headers['x-content-type-options']]).toEqual([path, 'nosniff']);
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).not.toMatch(/unsafe|\*/);
  }
});

it('class 10: text that comes back in headers and errors breaks no line and opens no tag', async () => {
  const headers = { ...session, 'sec-fetch-site': 'same-origin' };
  for (const text of ['x\r\nset-cookie: a=b', '<img src=x onerror=alert(1)>', '\u2028', '%0d%0aX: y']) {
    const answer = await subject.ask({
      method: 'PUT',
      path: '/api/mesh/console-hosts',
      headers,
      body: JSON.stringify({ hosts: [text] }),
    });
    expect(answer.status).toBe(400);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    const missing = await subject.ask({ path: `/api/${encodeURIComponent(text)}`, headers });
    expect(missing.status).toBe(404);
    expect(JSON.stringify(missing.headers)).not.toContain('onerror');
  }
});

it.each([
  '/../../../etc/passwd',
  '/..%2f..%2f..%2fetc/passwd',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/..\\..\\etc\\passwd',
  '/assets/../../../../etc/passwd',
  '//etc/passwd',
  '/etc/passwd%00.html',
  '/.env',
  '/api/../../etc/passwd',
  '/api/mesh/users/..%2f..%2fetc%2fpasswd',
  '/api/access/token/..%2f1',
])('class 4: %s leads to no file', async (path) => {
  // Written as it is: a client library would tidy the path up.
  const text = await raw(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`);
  expect(text).not.toContain('root:x:0');
  expect(text).toMatch(/^HTTP\/1\.1 (200|400|401|404) /);
  if (/^HTTP\/1\.1 200/.test(text)) expect(text).toContain('<title>console</title>');
});

function raw(request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connectTls({ host: '127.0.0.1', port: subject.port, rejectUnauthorized: false }, () =>
      socket.write(request),
    );
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    socket.on('end', () => resolve(text)).on('error', reject);
  });
}
