import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { afterEach, expect, it } from 'vitest';
import { parseUapi, UserspaceWireguard } from './wireguard-uapi.ts';

const KEY = Buffer.alloc(32, 7);
const OTHER = Buffer.alloc(32, 9);
const ANSWER = [
  `private_key=${'aa'.repeat(32)}`,
  'listen_port=1195',
  'fwmark=28023',
  `public_key=${KEY.toString('hex')}`,
  `preshared_key=${'bb'.repeat(32)}`,
  'protocol_version=1',
  'endpoint=198.51.100.7:4000',
  'last_handshake_time_sec=1795521163',
  'last_handshake_time_nsec=52',
  'tx_bytes=200',
  'rx_bytes=100',
  'persistent_keepalive_interval=5',
  'allowed_ip=0.0.0.0/0',
  `public_key=${OTHER.toString('hex')}`,
  'last_handshake_time_sec=0',
  'tx_bytes=0',
  'rx_bytes=0',
  'errno=0',
  '',
  '',
].join('\n');
const PEERS = [
  {
    device: 'mw2',
    key: KEY.toString('base64'),
    endpoint: '198.51.100.7:4000',
    handshakeAt: 1795521163000,
    rxBytes: 100,
    txBytes: 200,
  },
  { device: 'mw2', key: OTHER.toString('base64'), endpoint: null, handshakeAt: null, rxBytes: 0, txBytes: 0 },
];

const folders: string[] = [];
const servers: Server[] = [];
const sockets: Socket[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const peersIn = (folder: string) => new UserspaceWireguard(folder).peers();

/** A folder with a process that says `parts`, one after the other, and then nothing more, or hangs up. */
async function folderWith(device: string, parts: readonly string[], hangsUp = false): Promise<string> {
  const folder = mkdtempSync(`${tmpdir()}/uapi-`);
  folders.push(folder);
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', () => {
      for (const [at, part] of parts.entries()) setTimeout(() => socket.write(part), at * 20);
      if (hangsUp) setTimeout(() => socket.end(), parts.length * 20);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(`${folder}/${device}.sock`, resolve));
  return folder;
}

it('reads peers, and nothing that is secret', () => {
  expect(parseUapi('mw2', ANSWER)).toEqual(PEERS);
  expect(JSON.stringify(parseUapi('mw2', ANSWER))).not.toMatch(/aaaa|bbbb|qqqq|u7u7/);
});

it('asks the process of an interface, wherever its answer is broken into pieces', async () => {
  const half = ANSWER.length / 2;
  const pieces = [ANSWER.slice(0, half), ANSWER.slice(half, -1), ANSWER.slice(-1)];
  for (const parts of [[ANSWER], pieces]) {
    expect(await peersIn(await folderWith('mw2', parts))).toEqual(PEERS);
  }
});

it('has no peers of a process that hangs, of one that died, and where there is none', async () => {
  expect(await peersIn(await folderWith('mw2', []))).toEqual([]);
  // Half an answer is none: it would show peers without their figures.
  expect(await peersIn(await folderWith('mw2', [ANSWER.slice(0, ANSWER.length / 2)], true))).toEqual([]);
  const folder = await folderWith('mw3', []);
  await new Promise((resolve) => servers.pop()!.close(resolve));
  expect(await peersIn(folder)).toEqual([]);
  expect(await peersIn(`${folder}/absent`)).toEqual([]);
});

it('asks again and again over one connection, also when asked twice at once, and a process that follows another one', async () => {
  const folder = await folderWith('mw2', [ANSWER]);
  const userspace = new UserspaceWireguard(folder);
  const ask = () => userspace.peers();
  expect(await ask()).toEqual(PEERS);
  expect(await Promise.all([ask(), ask()])).toEqual([PEERS, PEERS]);
  expect(sockets).toHaveLength(1);
  const died = once(sockets[0]!, 'close');
  sockets[0]!.destroy();
  await died;
  await expect.poll(ask).toEqual(PEERS);
  expect(sockets).toHaveLength(2);
});
