import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiListener } from '../../api/listener.ts';
import { selfSignedCertificate } from '../../api/self-signed.ts';
import { buildServer } from '../../api/server.ts';
import { TEST_PASSWORD, testContext } from '../../api/test-context.ts';
import { loadCertificate, storedCertificate } from '../../https/certificate-files.ts';
import { HttpsCertificate } from '../../https/https-certificate.ts';
import { runCli } from '../run-cli.ts';
import { joinPem, standingView } from './certificate.ts';
import { namesView } from './console-name.ts';

/** The commands against a real controller's API over TLS, as from another machine. */
let folder: string;
let app: FastifyInstance;
let listener: ApiListener;
let url: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'meshwright-cli-certificate-'));
  const { ctx, db } = await testContext();
  const certificate = new HttpsCertificate(db, folder);
  ({ app } = await buildServer({ ...ctx, certificate }));
  const pair = await loadCertificate(folder);
  listener = new ApiListener({ handler: app.routing.bind(app), ...pair, port: 0, host: '127.0.0.1' });
  certificate.onInstall = ({ cert, key }) => listener.setCertificate(cert, key);
  await listener.start();
  url = `https://127.0.0.1:${listener.port}`;
  vi.stubEnv('MESHWRIGHT_PASSWORD', TEST_PASSWORD);
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await listener.stop();
  await app.close();
  rmSync(folder, { recursive: true });
});

async function run(...argv: string[]) {
  const told = { out: '', err: '' };
  const into = (key: 'out' | 'err') => (text: unknown) => {
    told[key] += String(text);
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(into('out'));
  vi.spyOn(process.stderr, 'write').mockImplementation(into('err'));
  const code = await runCli([...argv, '--url', url]);
  vi.restoreAllMocks();
  return { code, ...told };
}
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const fingerprint = () => new X509Certificate(storedCertificate(folder)!).fingerprint256;

describe('meshwright certificate', () => {
  it('installs one, waits until it is in use, and goes back', { timeout: 30_000 }, async () => {
    const { cert, key } = await selfSignedCertificate(['mesh.example.org']);
    const files = ['--cert', file('c.pem', cert), '--key', file('k.pem', key)];
    const before = fingerprint();
    const done = await run('certificate', 'install', ...files, '--json');
    expect([done.code, done.err]).toEqual([0, 'SSL Cert installation queued\n']);
    expect(JSON.parse(done.out)).toMatchObject({ names: ['mesh.example.org'], fingerprint: fingerprint() });
    expect(fingerprint()).not.toBe(before);
    expect((await run('certificate', 'show')).out).toContain('names      mesh.example.org\n');
    const back = await run('certificate', 'self-signed');
    expect([back.code, back.out]).toEqual([0, expect.stringContaining('issued by  this controller itself')]);
    expect(back.out).toContain(fingerprint());
  });

  it('goes on over the exchange when the old one is pinned', { timeout: 30_000 }, async () => {
    const { cert, key } = await selfSignedCertificate(['mesh.example.org']);
    const files = ['--cert', file('c.pem', cert), '--key', file('k.pem', key)];
    const done = await run('certificate', 'install', ...files, '--fingerprint', fingerprint());
    expect([done.code, done.out]).toEqual([0, expect.stringContaining(fingerprint())]);
    const back = await run('certificate', 'self-signed', '--fingerprint', fingerprint());
    expect([back.code, back.out]).toEqual([0, expect.stringContaining('on the machine itself')]);
  });

  it('says what is wrong, and changes nothing', { timeout: 30_000 }, async () => {
    const [one, other] = [
      await selfSignedCertificate(['a.example']),
      await selfSignedCertificate(['b.example']),
    ];
    const [cert, key] = [file('c.pem', one.cert), file('k.pem', one.key)];
    const before = fingerprint();
    for (const [argv, code, words] of [
      [['--cert', cert], 2, "required option '--key <file>'"],
      [['--cert', join(folder, 'absent'), '--key', key], 1, 'cannot be read: ENOENT'],
      [['--cert', key, '--key', cert], 4, 'cert is invalid: there is no certificate'],
      [['--cert', cert, '--key', file('o.pem', other.key)], 4, 'key is invalid: it does not belong'],
      [
        ['--cert', cert, '--key', key, '--chain', file('x.pem', other.cert)],
        4,
        'did not issue certificate 1',
      ],
    ] as const) {
      const { code: got, err } = await run('certificate', 'install', ...argv);
      expect([got, err]).toEqual([code, expect.stringContaining(words)]);
    }
    expect(fingerprint()).toBe(before);
  });

  it('shows how long it is good for', () => {
    const standing = { self_signed: false, names: ['a.example'], until: 0, fingerprint: 'AA' };
    expect(standingView({ ...standing, state: 'soon', days_left: 7 })).toEqual([
      'issued by  an authority',
      'names      a.example',
      'until      1970-01-01, 7 days left',
      'SHA-256    AA',
      'It ends soon: install another one.',
    ]);
    expect(standingView({ ...standing, state: 'over', days_left: -1 })[2]).toContain('it is over');
    expect(joinPem(' one\n', '\ntwo\n')).toBe('one\ntwo');
    expect(joinPem('one\n')).toBe('one');
  });
});

describe('meshwright console-name', () => {
  it('adds names, lists them and takes them back', async () => {
    const added = await run('console-name', 'add', 'Mesh.Example.NET', 'other.example.net', '--json');
    expect(JSON.parse(added.out).hosts).toEqual(['mesh.example.net', 'other.example.net']);
    expect((await run('console-name', 'list')).out).toMatch(/^mesh\.example\.net +added$/m);
    const left = await run('console-name', 'remove', 'MESH.example.net.', '--json');
    expect(JSON.parse(left.out).hosts).toEqual(['other.example.net']);
  });

  it('says what is wrong', async () => {
    const own = JSON.parse((await run('console-name', 'list', '--json')).out).built_in[0];
    for (const [argv, code, words] of [
      [['add', '192.0.2.1'], 4, '192.0.2.1 is an address: those are always allowed'],
      [['add', 'a b'], 4, 'must be an IPv4 address'],
      [['remove', 'nobody.example'], 1, 'nobody.example was not added'],
      [['remove', own], 1, 'goes with that'],
    ] as const) {
      const { code: got, err } = await run('console-name', ...argv);
      expect([got, err]).toEqual([code, expect.stringContaining(words)]);
    }
    expect(namesView({ hosts: [], built_in: ['c1'] })).toHaveLength(3);
  });
});
