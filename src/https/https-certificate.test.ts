import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ApiListener } from '../api/listener.ts';
import { selfSignedCertificate } from '../api/self-signed.ts';
import { buildServer } from '../api/server.ts';
import { BASIC, testContext } from '../api/test-context.ts';
import { loadCertificate, writeCertificate } from './certificate-files.ts';
import { HttpsCertificate } from './https-certificate.ts';

let folder: string;
let app: FastifyInstance;
let listener: ApiListener;
let certificate: HttpsCertificate;
let context: Awaited<ReturnType<typeof testContext>>;
let now: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'meshwright-https-'));
  now = Date.now();
  context = await testContext();
  certificate = new HttpsCertificate(context.db, folder, () => now);
  ({ app } = await buildServer({ ...context.ctx, certificate }));
  const pair = await loadCertificate(folder);
  listener = new ApiListener({ handler: app.routing.bind(app), ...pair, port: 0, host: '127.0.0.1' });
  certificate.onInstall = ({ cert, key }) => listener.setCertificate(cert, key);
  await listener.start();
});
afterEach(async () => {
  await listener.stop();
  await app.close();
  rmSync(folder, { recursive: true });
});

const ask = async (method: 'GET' | 'PUT' | 'DELETE', url: string, payload?: object) => {
  const reply = await app.inject({
    method,
    url: `/api${url}`,
    headers: { authorization: BASIC },
    ...(payload && { payload }),
  });
  return {
    status: reply.statusCode,
    told: reply.json().response,
    error: reply.json().error,
    headers: reply.headers,
  };
};
const served = () =>
  new Promise<string>((resolve, reject) => {
    const socket = connect({ port: listener.port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(socket.getPeerX509Certificate()!.fingerprint256);
      socket.destroy();
    }).on('error', reject);
  });

it('is uploaded, installed as a job and served, while requests go on', async () => {
  const before = await served();
  const pair = await selfSignedCertificate(['mesh.example.org']);
  expect((await ask('PUT', '/system/ssl/keypair', pair)).told).toBe('Valid key/cert files uploaded');
  expect(await served()).toBe(before);
  let isOver = false;
  const failures: unknown[] = [];
  const load = (async () => {
    while (!isOver) {
      await new Promise<void>((resolve) => {
        request(
          {
            port: listener.port,
            host: '127.0.0.1',
            rejectUnauthorized: false,
            path: '/api/config',
            headers: { authorization: BASIC },
          },
          (response) => {
            if (response.statusCode !== 200) failures.push(response.statusCode);
            response.resume().on('end', resolve);
          },
        )
          .on('error', (error) => {
            failures.push(error);
            resolve();
          })
          .end();
      });
    }
  })();
  const queued = await ask('PUT', '/system/ssl/install');
  expect(queued.told).toEqual({ status: 'SSL Cert installation queued', uuid: expect.any(String) });
  const job = `/system/ssl/install/${queued.told.uuid}`;
  expect((await ask('GET', job)).told.state).toBe('queued');
  await vi.waitFor(async () => expect((await ask('GET', job)).told.state).toBe('done'), { timeout: 5000 });
  expect(await served()).toBe(new X509Certificate(pair.cert).fingerprint256);
  isOver = true;
  await load;
  expect(failures).toEqual([]);
  const [shown] = (await ask('GET', '/system/ssl')).told.certs;
  expect(shown).toMatchObject({ subject: 'CN=mesh.example.org', sha256_fingerprint: await served() });
  expect(readdirSync(folder).sort()).toEqual(['https.crt', 'https.key']);
  expect(statSync(join(folder, 'https.key')).mode & 0o777).toBe(0o600);
  expect((await loadCertificate(folder)).cert.trim()).toBe(pair.cert.trim());
  expect((await ask('PUT', '/system/ssl/install')).error.message).toMatch(/Upload/);
  expect(JSON.stringify(context.db.all('SELECT * FROM secret'))).not.toContain('PRIVATE KEY');

  const reset = (await ask('DELETE', '/mesh/certificate')).told;
  await vi.waitFor(
    async () => expect((await ask('GET', `/system/ssl/install/${reset.uuid}`)).told.state).toBe('done'),
    { timeout: 5000 },
  );
  expect((await ask('GET', '/mesh/certificate')).told).toMatchObject({ state: 'ok', self_signed: true });
});

it('is refused when it would close the API, field and reason named, and nothing changes', async () => {
  const [good, other] = [
    await selfSignedCertificate(['a.example']),
    await selfSignedCertificate(['b.example']),
  ];
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  });
  const locked = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'x',
  });
  const before = await served();
  for (const [cert, key, message] of [
    [undefined, undefined, 'cert is missing, key is missing'],
    [good.cert, '', 'key is missing'],
    [good.cert, other.key, /key is invalid: it does not belong/],
    ['nonsense', good.key, /cert is invalid: there is no certificate/],
    ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', good.key, /cert is invalid/],
    [`${good.cert}\n${other.cert}`, good.key, /certificate 2 of the chain did not issue certificate 1/],
    [good.cert, 'nonsense', /key is invalid: it is not a private key/],
    [good.cert, String(weak), /2048 bits/],
    [good.cert, String(locked), /passphrase/],
    ['x'.repeat(70_000), good.key, /more than 65536/],
  ] as const) {
    const reply = await ask('PUT', '/system/ssl/keypair', { cert, key });
    expect([message, reply.status]).toEqual([message, 400]);
    expect(reply.error.message).toEqual(
      typeof message === 'string' ? message : expect.stringMatching(message),
    );
  }
  now += 20 * 365 * 86_400_000;
  expect((await ask('PUT', '/system/ssl/keypair', good)).error.message).toMatch(/it ended on/);
  now -= 40 * 365 * 86_400_000;
  expect((await ask('PUT', '/system/ssl/keypair', good)).error.message).toMatch(/it begins on/);
  expect((await ask('PUT', '/system/ssl/install')).status).toBe(400);
  expect((await ask('GET', '/system/ssl/install/nope')).error.message).toBe('Unknown Job ID: nope');
  expect(await served()).toBe(before);
});

it('is said to end while there is time to do something', async () => {
  expect(certificate.standing()).toMatchObject({ state: 'ok', selfSigned: true });
  now = certificate.standing().until! - 29 * 86_400_000;
  expect(certificate.standing()).toMatchObject({ state: 'soon', days: 29 });
  now = certificate.standing().until! + 1;
  expect(certificate.standing().state).toBe('over');
});

it('is a pair that fits after a power cut at any moment', async () => {
  const [old, next] = [await loadCertificate(folder), await selfSignedCertificate(['next.example'])];
  writeCertificate(folder, next);
  // Between the two renames: the new key is in place and its certificate is not.
  renameSync(join(folder, 'https.crt'), join(folder, 'https.crt.next'));
  expect(old.cert).not.toBe(next.cert);
  expect(await loadCertificate(folder)).toEqual({ cert: next.cert, key: next.key });
  expect(readFileSync(join(folder, 'https.crt'), 'utf8')).toBe(next.cert);
});
