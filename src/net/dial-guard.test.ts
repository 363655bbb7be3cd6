import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { allowedNetworks, DialGuard } from './dial-guard.ts';
import { postJson } from './post-json.ts';

const guard = new DialGuard();
const folder = mkdtempSync(join(tmpdir(), 'meshwright-dial-'));
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  '127.0.0.1',
  '127.255.255.254',
  '0.0.0.0',
  '0.1.2.3',
  '169.254.169.254',
  '169.254.0.1',
  '168.63.129.16',
  '100.100.100.200',
  '192.0.0.192',
  '224.0.0.1',
  '239.255.255.255',
  '255.255.255.255',
  '::1',
  '::',
  '::7f00:1',
  '::127.0.0.1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::ffff:169.254.169.254',
  '0:0:0:0:0:ffff:a9fe:a9fe',
  '64:ff9b::169.254.169.254',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  '2002:a9fe:a9fe::1',
  'fe80::1',
  'fe80::1%eth0',
  'febf::1',
  'ff02::1',
  'fd00:ec2::254',
  'fd20:ce::254',
])('does not dial %s', (address) => {
  expect(guard.refusal(address)).not.toBeNull();
});

it.each([
  '10.0.0.1',
  '192.168.1.1',
  '172.16.0.1',
  '203.0.113.7',
  '100.127.255.253',
  '2001:db8::1',
  'fd12:3456::1',
  '::ffff:10.0.0.1',
  '64:ff9b::203.0.113.7',
])('dials %s', (address) => {
  expect(guard.refusal(address)).toBeNull();
});

it('finds a refused IPv4 address in every form that IPv6 has for it', () => {
  const byte = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(byte, byte, byte, byte, (...bytes) => {
      const plain = bytes.join('.');
      const hex = (at: number) => ((bytes[at]! << 8) | bytes[at + 1]!).toString(16);
      const words = `${hex(0)}:${hex(2)}`;
      for (const form of [`::ffff:${plain}`, `::ffff:${words}`, `64:ff9b::${words}`, `2002:${words}::1`]) {
        expect([form, guard.refusal(form) === null]).toEqual([form, guard.refusal(plain) === null]);
      }
    }),
  );
});

it('allows what a file of root says, and nothing that others could have written', () => {
  const file = join(folder, 'allow');
  writeFileSync(file, '# test\n127.0.0.0/8\n::1\n\nnonsense\n10.0.0.0/99\n', { mode: 0o644 });
  const isRoot = process.getuid?.() === 0;
  expect(allowedNetworks(file)).toEqual(isRoot ? ['127.0.0.0/8', '::1'] : []);
  chmodSync(file, 0o666);
  expect(allowedNetworks(file)).toEqual([]);
  expect(allowedNetworks(join(folder, 'none'))).toEqual([]);
  const open = new DialGuard(['127.0.0.0/8', '::1']);
  expect(open.refusal('127.0.0.1')).toBeNull();
  expect(open.refusal('::1')).toBeNull();
  expect(open.refusal('169.254.169.254')).not.toBeNull();
});

it('looks at what a name resolves to when it is dialled, and nothing arrives there', async () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  for (const host of ['localhost', '127.0.0.1', '::ffff:127.0.0.1']) {
    const options = { host, port, path: '/', body: {}, timeoutMs: 2000 };
    await expect(postJson(options)).rejects.toMatchObject({ kind: 'forbidden' });
  }
  expect(connections).toBe(0);
  const open = new DialGuard(['127.0.0.0/8']);
  await expect(
    postJson({ host: 'localhost', port, path: '/', body: {}, timeoutMs: 2000, guard: open }),
  ).rejects.not.toMatchObject({ kind: 'forbidden' });
  expect(connections).toBeGreaterThan(0);
  server.close();
});
