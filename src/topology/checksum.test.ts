import { describe, expect, it } from 'vitest';
import type { Cidr } from '../net/ipv4.ts';
import { defaultAddressing } from './addressing.ts';
import { withIpv6 } from './addressing-parameters.ts';
import { canonicalJson } from './canonical-json.ts';
import { topologyChecksum } from './checksum.ts';

const addressing = defaultAddressing({
  controllers: 3,
  clients: 5,
  overlaySubnet: '100.127.255.192/26' as Cidr,
  customAddressing: true,
});
const input = { licenseSha1: 'a'.repeat(40), addressing, keysetFingerprint: 'b'.repeat(40) };

describe('topology checksum', () => {
  it('is stable across releases: members of different versions compare it', () => {
    expect(topologyChecksum(input)).toBe('505b07c7495e2d35ea3d96eb1d82d78454b83572');
  });

  it('differs when IPv6 is on, and is that of before when it is off', () => {
    const on = { ...input, addressing: withIpv6(addressing, { ipv6: true }) };
    expect(topologyChecksum(on)).not.toBe(topologyChecksum(input));
    const off = { ...input, addressing: withIpv6(on.addressing, { ipv6: 'false' }) };
    expect(topologyChecksum(off)).toBe(topologyChecksum(input));
  });

  it('does not depend on the order of keys', () => {
    const shuffled = JSON.parse(
      JSON.stringify({ ...input, addressing: Object.fromEntries(Object.entries(addressing).reverse()) }),
    );
    expect(topologyChecksum(shuffled)).toBe(topologyChecksum(input));
  });

  it('differs for another licence, addressing or keyset', () => {
    const others = [
      { ...input, licenseSha1: null },
      { ...input, keysetFingerprint: 'c'.repeat(40) },
      { ...input, addressing: { ...addressing, clients: addressing.clients.slice(1) } },
    ];
    expect(new Set([input, ...others].map(topologyChecksum)).size).toBe(4);
  });

  it('writes canonical JSON', () => {
    expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: undefined, A: true })).toBe(
      '{"A":true,"b":[1,{"c":"x","d":null}]}',
    );
  });
});
