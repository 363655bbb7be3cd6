import { afterEach, describe, expect, it } from 'vitest';
import type { ObservedRoute } from '../desired/observed.ts';
import type { Ipv4 } from '../net/ipv4.ts';
import { ClientDirectory } from './client-directory.ts';
import type { HeldClient } from './held-client.ts';
import { TestMembers } from './pack.fixture.ts';

/*
 *  [ 1 ]---[ 2 ]   a client is attached to 2; 1 knows it from its host route and asks 2 for the rest
 */
const CLIENT = '100.127.255.193' as Ipv4;
let mesh: TestMembers;
afterEach(() => mesh.stop());

const held = (rxBytes: number): HeldClient => ({
  address: CLIENT,
  kind: 'openvpn',
  underlay: '203.0.113.7:40000',
  since: 1,
  lastPacketAt: 2,
  rxBytes,
  txBytes: 0,
  rttMs: null,
});
const route = (path: number[], best = true): ObservedRoute => ({
  cidr: `${CLIENT}/32`,
  via: path.length === 0 ? null : 2,
  path,
  best,
  since: null,
  communities: [],
});

function directories() {
  mesh = new TestMembers(200, 2, 3);
  const routes: ObservedRoute[][] = [[route([65002])], [route([])]];
  const own: HeldClient[][] = [[], [held(10)]];
  const made = mesh.members.map(
    (member, at) =>
      new ClientDirectory({
        line: member.line,
        requests: member.requests,
        addressing: () => member.addressing,
        routes: () => routes[at]!,
        own: () => own[at]!,
        isClient: (address) => member.book.find(address) !== null,
      }),
  );
  return { first: made[0]!, second: made[1]!, routes, own };
}

describe('who is where', { timeout: 30_000 }, () => {
  it('is told by the route, with the details of the holder', async () => {
    const { first, second } = directories();
    const seen = { address: CLIENT, holder: 2, details: held(10) };
    expect(await first.all()).toEqual([seen]);
    expect(await second.find(CLIENT)).toEqual(seen);
    expect(await first.find('100.127.255.194' as Ipv4)).toBeNull();
  });

  it('follows a move at once, also when the holder before cannot be asked', async () => {
    const { first, routes, own } = directories();
    await first.all();
    mesh.cut(1, 2);
    routes[0] = [route([])];
    own[0] = [held(20)];
    expect(await first.all()).toEqual([{ address: CLIENT, holder: 1, details: held(20) }]);
    routes[0] = [route([65002]), route([], false)];
    own[0] = [];
    expect(first.holders().get(CLIENT)).toBe(2);
  });

  it('is known without details while the holder does not answer', async () => {
    const { first } = directories();
    mesh.cut(1, 2);
    expect(await first.all()).toEqual([{ address: CLIENT, holder: 2, details: null }]);
  });

  it('is nobody whose address is no client', async () => {
    const { first, routes } = directories();
    routes[0] = [
      { ...route([65002]), cidr: '100.127.255.252/32' },
      { ...route([65002]), cidr: '10.2.0.0/16' },
    ];
    expect(first.holders().size).toBe(0);
  });
});
