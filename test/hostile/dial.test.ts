import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { DialGuard } from '../../src/net/dial-guard.ts';
import { guardedFetch } from '../../src/net/guarded-fetch.ts';
import { HostileController } from './support/controller.ts';

/** Class 11: addresses that an operator types, or that a name resolves to, and that lead to this machine or its cloud. */
let subject: HostileController;
let trap: Server;
let knocks = 0;
vi.spyOn(console, 'error').mockImplementation(() => {});

const BAD = [
  '127.0.0.1',
  '127.1.2.3',
  '0.0.0.0',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '169.254.169.254',
  '::ffff:169.254.169.254',
  '64:ff9b::a9fe:a9fe',
  '2002:7f00:1::',
  'fe80::1',
  'ff02::1',
  '224.0.0.1',
  '255.255.255.255',
  '0x7f000001',
  '2130706433',
  '127.1',
  '017700000001',
  '168.63.129.16',
  'fd00:ec2::254',
];

beforeAll(async () => {
  trap = createServer((socket) => {
    knocks++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
  subject = await new HostileController().start({ apply: async () => {} });
  const license = await import('node:fs').then((fs) =>
    fs.readFileSync(new URL('../../licenses/free.license', import.meta.url), 'utf8'),
  );
  const { authorization } = {
    authorization: `Basic ${Buffer.from('api:hostile api password').toString('base64')}`,
  };
  await subject.ask({
    method: 'PUT',
    path: '/api/license',
    headers: { authorization, 'content-type': 'text/plain' },
    body: license,
  });
  await subject.api('PUT', '/license/parameters', { default: true });
  await subject.api('PUT', '/peering/self', { id: 1 });
});
afterAll(async () => {
  trap.close();
  await subject.stop();
});

it.each(BAD)('class 11: %s is no peer, no source and no issuer', async (address) => {
  const host = address.includes(':') ? `[${address}]` : address;
  const peer = await subject.api('POST', '/peering/peers', { id: 2, name: address, force: true });
  expect([address, peer.status]).toEqual([address, 400]);
  expect(subject.context.peering.current().rows).toEqual([]);
  const source = await subject.api('PUT', '/keyset', { token: 'x', source: address });
  expect([address, source.status]).toEqual([address, 400]);
  const issuer = `https://${host}:${(trap.address() as AddressInfo).port}`;
  if (!URL.canParse(issuer)) return;
  await expect(guardedFetch()(issuer)).rejects.toMatchObject({ code: 'EDIALREFUSED' });
  expect(knocks).toBe(0);
});

it('class 11: a name is judged by what it leads to when it is dialled', async () => {
  const { port } = trap.address() as AddressInfo;
  await expect(guardedFetch()(`https://localhost:${port}`)).rejects.toMatchObject({ code: 'EDIALREFUSED' });
  await subject.api('PUT', '/keyset', { token: 'x', source: 'localhost' });
  const deadline = Date.now() + 20_000;
  let failure: { code: string } | null = null;
  while (!failure && Date.now() < deadline) {
    failure = (await subject.api('GET', '/mesh/keyset')).json.response.failure;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(failure?.code).toBe('DIAL_REFUSED');
  expect(knocks).toBe(0);
});

it('class 11: nothing but https is fetched, and a redirect is not followed', async () => {
  await expect(guardedFetch()('http://192.0.2.1/')).rejects.toMatchObject({ code: 'EDIALREFUSED' });
  await expect(guardedFetch()('file:///etc/passwd')).rejects.toMatchObject({ code: 'EDIALREFUSED' });
  const { createServer: createHttps } = await import('node:https');
  const { selfSignedCertificate } = await import('../../src/api/self-signed.ts');
  const pair = await selfSignedCertificate(['localhost', '127.0.0.1']);
  const { port: trapPort } = trap.address() as AddressInfo;
  const server = createHttps(pair, (_, answer) => {
    answer.writeHead(302, { location: `https://127.0.0.1:${trapPort}/` }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const fetch = guardedFetch({ ca: pair.cert, guard: new DialGuard(['127.0.0.0/8']) });
  expect((await fetch(`https://127.0.0.1:${(server.address() as AddressInfo).port}/`)).status).toBe(302);
  expect(knocks).toBe(0);
  server.close();
  server.closeAllConnections();
});

it('class 11: an operator of the mesh sends this controller nowhere through its settings', async () => {
  const oidc = {
    provider: 'oidc',
    enabled: true,
    identifier: 'x',
    issuer: `https://127.0.0.1:${(trap.address() as AddressInfo).port}`,
  };
  expect((await subject.api('PUT', '/identity/controller', oidc)).status).toBe(200);
  const start = await subject.ask({ path: '/api/session/oidc', headers: { host: '127.0.0.1' } });
  expect(start.headers.location).toBe('/?login_error=SSO_FAILED');
  expect(knocks).toBe(0);
});
