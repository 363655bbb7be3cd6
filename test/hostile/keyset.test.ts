import { createServer, request, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { selfSignedCertificate } from '../../src/api/self-signed.ts';
import { fetchKeyset } from '../../src/keyset/exchange-client.ts';
import { HostileController } from './support/controller.ts';

/** Class 12: somebody terminates the TLS between two controllers while one fetches the keyset of the other. */
const TOKEN = 'canary-security-token-of-the-mesh';
let source: HostileController;
let middle: Server;
let seen = '';
let tamper: (path: string, body: string) => string = (_, body) => body;

beforeAll(async () => {
  source = await new HostileController().start();
  const license = await import('node:fs').then((fs) =>
    fs.readFileSync(new URL('../../licenses/free.license', import.meta.url), 'utf8'),
  );
  expect(
    (
      await source.ask({
        method: 'PUT',
        path: '/api/license',
        headers: { ...auth, 'content-type': 'text/plain' },
        body: license,
      })
    ).status,
  ).toBe(200);
  expect((await source.api('PUT', '/license/parameters', { default: true })).status).toBe(200);
  expect((await source.api('PUT', '/keyset', { token: TOKEN })).status).toBe(200);
  const deadline = Date.now() + 50_000;
  while (
    (await source.api('GET', '/keyset')).json.response?.keyset_present !== true &&
    Date.now() < deadline
  ) {
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const pair = await selfSignedCertificate(['localhost']);
  middle = createServer(pair, (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      seen += `> ${incoming.url} ${body}\n`;
      const forward = request(
        {
          host: '127.0.0.1',
          port: source.port,
          method: incoming.method,
          path: incoming.url,
          rejectUnauthorized: false,
          headers: { 'content-type': 'application/json' },
        },
        (answer) => {
          let text = '';
          answer.setEncoding('utf8').on('data', (chunk: string) => {
            text += chunk;
          });
          answer.on('end', () => {
            seen += `< ${text}\n`;
            outgoing.writeHead(answer.statusCode!, { 'content-type': 'application/json' });
            outgoing.end(tamper(incoming.url!, text));
          });
        },
      );
      forward.end(body);
    });
  });
  await new Promise<void>((resolve) => middle.listen(0, '127.0.0.1', resolve));
}, 90_000);
afterAll(async () => {
  middle.close();
  middle.closeAllConnections();
  await source.stop();
});
const auth = { authorization: `Basic ${Buffer.from('api:hostile api password').toString('base64')}` };

const fetchThrough = (token = TOKEN) =>
  fetchKeyset({
    source: 'c1.example',
    token,
    deadlineMs: 60_000,
    endpoint: { host: '127.0.0.1', port: (middle.address() as AddressInfo).port },
  });

it('learns neither token nor keys, whatever it watches', { timeout: 120_000 }, async () => {
  const bundle = await fetchThrough();
  expect(bundle.keyset).toBeDefined();
  expect(seen).toContain('keyset-exchange/finish');
  expect(seen).not.toContain(TOKEN);
  const secrets = JSON.stringify(bundle.keyset).match(/[A-Za-z0-9+/]{30,}={0,2}/g)!;
  expect(secrets.length).toBeGreaterThan(10);
  expect(secrets.filter((secret) => seen.includes(secret))).toEqual([]);
  expect(seen).not.toContain('PRIVATE KEY');
});

it('cannot change what arrives: the failure is named and nothing is taken', {
  timeout: 120_000,
}, async () => {
  tamper = (path, body) => {
    if (!path.endsWith('finish')) return body;
    const answer = JSON.parse(body) as { response: { sealed: unknown } };
    const text = JSON.stringify(answer.response.sealed);
    const at = Math.floor(text.length / 2);
    const other = text[at] === 'A' ? 'B' : 'A';
    return JSON.stringify({
      response: { ...answer.response, sealed: JSON.parse(text.slice(0, at) + other + text.slice(at + 1)) },
    });
  };
  await expect(fetchThrough()).rejects.toMatchObject({
    code: expect.stringMatching(/^FETCH_(ALTERED|NOT_A_CONTROLLER)$/),
  });
  tamper = (path, body) =>
    path.endsWith('start') ? body.replace(/"login_response":"..../, '"login_response":"AAAA') : body;
  await expect(fetchThrough()).rejects.toMatchObject({
    code: expect.stringMatching(/^(EXCHANGE_WRONG_TOKEN|FETCH_)/),
  });
  tamper = (_, body) => body;
});

it('gets no answer to a guess, and each guess costs time', { timeout: 120_000 }, async () => {
  await expect(fetchThrough('a wrong token')).rejects.toMatchObject({
    code: expect.stringMatching(/^(EXCHANGE_WRONG_TOKEN|TOO_MANY_ATTEMPTS)$/),
  });
  expect(source.defects).toEqual([]);
});
