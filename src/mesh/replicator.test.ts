import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { addressingWith, testKeyset } from '../clientpack/pack.fixture.ts';
import { MEMBER_PORT } from '../paths.ts';
import { Database } from '../store/database.ts';
import { MemberChannel } from './member-channel.ts';
import { MemberRequests } from './member-requests.ts';
import { Records } from './records.ts';
import { Replicator } from './replicator.ts';

const keyset = testKeyset(addressingWith(1).clients);
const addressOf = (id: number) => `127.77.90.${id}`;
const ends: (() => unknown)[] = [];

afterEach(() => {
  for (const end of ends.splice(0).reverse()) end();
});

function member(id: number): { records: Records; channel: MemberChannel } {
  const records = new Records(new Database(':memory:'));
  const { certificate, privateKey } = keyset.members[id - 1]!;
  const identity = { id, cert: certificate, key: privateKey, ca: keyset.memberCa.certificate };
  const channel = new MemberChannel(identity, addressOf(id), records, new MemberRequests());
  return { records, channel };
}

const eventually = (what: string, isSo: () => boolean) =>
  expect.poll(isSo, { timeout: 6000, message: what }).toBe(true);

/** Takes connections and never answers, as a host does whose packets get lost after the first. */
async function silentHost(address: string) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket.on('error', () => undefined)));
  server.listen(MEMBER_PORT, address);
  await once(server, 'listening');
  const leave = async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  };
  return { knocks: () => sockets.length, leave };
}

it('brings a change over failed exchanges within seconds, without another occasion', async () => {
  const silent = await silentHost(addressOf(2));
  const [near, far] = [member(1), member(2)];
  const others = () => [{ id: 2, overlayAddress: addressOf(2) }];
  const replicator = new Replicator(near.channel, near.records, others);
  replicator.start();
  ends.push(() => replicator.stop());
  const record = { id: 1, instance: 7, name: 'one', address: '10.0.0.1', clientAddress: null };
  near.records.put('members', '1', record);
  await eventually('the exchange that hangs is given up', () => silent.knocks() === 2);
  await silent.leave();
  far.channel.start();
  ends.push(() => far.channel.stop());
  await eventually('the record is there', () => far.records.get('members', '1') !== null);
}, 15_000);

it('compares records over a connection that is there, when only the time calls for it', async () => {
  const [near, far] = [member(1), member(2)];
  far.channel.start();
  ends.push(
    () => far.channel.stop(),
    () => near.channel.stop(),
  );
  let connections = 0;
  const relay = createServer((socket) => {
    connections += 1;
    const onward = connect(MEMBER_PORT, addressOf(2));
    for (const end of [socket, onward]) end.on('error', () => undefined);
    socket.pipe(onward).pipe(socket);
  });
  relay.listen(MEMBER_PORT, addressOf(3));
  await once(relay, 'listening');
  ends.push(() => relay.close());
  near.records.put('members', '1', {
    id: 1,
    instance: 7,
    name: 'one',
    address: '10.0.0.1',
    clientAddress: null,
  });
  const exchange = (isRoutine: boolean) => near.channel.syncWith(2, addressOf(3), isRoutine);
  await exchange(true);
  await exchange(true);
  expect(connections).toBe(1);
  expect(far.records.get('members', '1')).not.toBeNull();
  await exchange(false);
  expect(connections).toBeGreaterThan(1);
});
