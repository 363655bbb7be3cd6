import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cidr, contains, type Ipv4 } from '../net/ipv4.ts';
import {
  type AddressGrant,
  checkSubnetClear,
  checkSubnetUsable,
  defaultAddressing,
  defaultOverlaySubnet,
  extendAddressing,
  nextAsn,
} from './addressing.ts';

const grantOf = (controllers: number, clients: number): AddressGrant => ({
  controllers,
  clients,
  overlaySubnet: defaultOverlaySubnet(controllers, clients),
  customAddressing: true,
});

describe('default addressing', () => {
  it('counts as operators of the reference product expect', () => {
    const { subnet, vip, controllers, clients } = defaultAddressing(grantOf(4, 25));
    expect(subnet).toBe('100.127.255.192/26');
    expect(vip).toBe('100.127.255.254');
    expect(controllers.map((c) => c.address)).toEqual([
      '100.127.255.253',
      '100.127.255.252',
      '100.127.255.251',
      '100.127.255.250',
    ]);
    expect(controllers.map((c) => c.asn)).toEqual([65001, 65002, 65003, 65004]);
    expect([clients[0], clients.at(-1), clients.length]).toEqual(['100.127.255.193', '100.127.255.217', 25]);
  });

  it('keeps the last octets of controllers in a larger subnet', () => {
    const { subnet, controllers, clients } = defaultAddressing(grantOf(10, 100));
    expect([subnet, controllers[0]!.address, clients[0]]).toEqual([
      '100.127.255.0/24',
      '100.127.255.253',
      '100.127.255.1',
    ]);
  });

  it('gives everybody a usable address of its own, whatever the licence grants', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 0, max: 3000 }),
        (controllers, clients) => {
          const a = defaultAddressing(grantOf(controllers, clients));
          const all: Ipv4[] = [a.vip, ...a.controllers.map((c) => c.address), ...a.clients];
          expect(new Set(all).size).toBe(controllers + clients + 1);
          expect(all.every((address) => contains(a.subnet, address))).toBe(true);
          expect(new Set(a.controllers.map((c) => c.asn)).size).toBe(controllers);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('never takes an address away when it is extended', () => {
    const size = fc.record({
      controllers: fc.integer({ min: 1, max: 10 }),
      clients: fc.integer({ min: 0, max: 100 }),
    });
    fc.assert(
      fc.property(size, size, (before, after) => {
        const current = defaultAddressing({ ...grantOf(10, 100), ...before });
        const extended = extendAddressing(current, after);
        expect(extended.controllers.slice(0, current.controllers.length)).toEqual(current.controllers);
        expect(new Set(extended.clients).isSupersetOf(new Set(current.clients))).toBe(true);
        expect(extended.clients.length).toBe(Math.max(before.clients, after.clients));
      }),
    );
  });

  it('says how much room is missing', () => {
    const grant = { ...grantOf(4, 25), clients: 60 };
    expect(() => defaultAddressing(grant)).toThrow('has 61 free addresses, but 64 more are needed');
  });

  it('numbers a controller after the highest ASN, or in a gap when there is no higher one', () => {
    const controller = (asn: number) => ({ id: 1, address: '10.0.0.1', asn }) as never;
    expect(nextAsn([])).toBe(65001);
    expect(nextAsn([controller(65010)])).toBe(65011);
    expect(nextAsn([controller(64512)])).toBe(65001);
    expect(nextAsn([controller(4294967294), controller(65001)])).toBe(65002);
  });
});

describe('subnets', () => {
  it.each([
    ['127.0.0.0/24', 'loopback'],
    ['169.254.0.0/24', 'link-local'],
    ['224.1.0.0/24', 'multicast'],
    ['0.0.0.0/8', 'this network'],
    ['10.0.0.0/30', '8 to 29'],
    ['64.0.0.0/2', 'loopback'],
  ])('refuses %s', (subnet, text) => {
    expect(() => checkSubnetUsable(subnet as Cidr)).toThrow(text);
  });

  it('names the local network that an overlay would cover', () => {
    const local = [
      { interface: 'lo', cidr: '0.0.0.0/0' as Cidr },
      { interface: 'eth1', cidr: '172.31.1.128/25' as Cidr },
    ];
    expect(() => checkSubnetClear('172.31.1.0/24' as Cidr, local)).toThrow(
      'subnet 172.31.1.0/24 overlaps 172.31.1.128/25, the network of eth1',
    );
    expect(() => checkSubnetClear('172.31.2.0/24' as Cidr, local)).not.toThrow();
  });
});
