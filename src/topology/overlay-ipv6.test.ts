import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromInt, type Ipv4 } from '../net/ipv4.ts';
import { formatIpv6, parseIpv6 } from '../net/ipv6.ts';
import { ipv6Of, isInUla, parseUla, type Ula, ulaOf, ulaStem } from './overlay-ipv6.ts';

const uuids = fc.uuid();
const addresses = fc.integer({ min: 0, max: 0xffffffff }).map(fromInt);

describe('the prefix of a topology', () => {
  it('is the same for the same keyset, and another for another', () => {
    expect(ulaOf('00000000-0000-0000-0000-000000000000')).toBe('fd84:bfd9:6df2::/64');
    fc.assert(
      fc.property(fc.uniqueArray(uuids, { minLength: 2, maxLength: 2 }), ([one, other]) => {
        expect(ulaOf(one!)).toBe(ulaOf(one!));
        expect(ulaOf(one!)).not.toBe(ulaOf(other!));
      }),
    );
  });

  it('is unique local, 64 bits long, and read back as itself', () => {
    fc.assert(
      fc.property(uuids, (uuid) => {
        const ula = ulaOf(uuid);
        expect(ula).toMatch(/^fd[0-9a-f:]+::\/64$/);
        expect(parseUla(ula)).toBe(ula);
      }),
    );
  });

  it('is nothing else', () => {
    for (const text of ['', 'fd00::', 'fc00::/64', '2001:db8::/64', 'fd00::/48', 'fd00:0:0:1::/64'])
      expect(parseUla(text), text).toBeNull();
    for (const text of ['fd00::1/64', 'FD00::/64', 'fd00:0::/64', 'fd00::/64/64', 'fd00::/64; reload'])
      expect(parseUla(text), text).toBeNull();
  });
});

describe('an address in it', () => {
  it('is read off the overlay address', () => {
    const ula = 'fd12:3456:789a::/64' as Ula;
    expect(ipv6Of(ula, '100.127.255.193' as Ipv4)).toBe('fd12:3456:789a::647f:ffc1');
    expect(ipv6Of('fd00::/64' as Ula, '0.0.0.1' as Ipv4)).toBe('fd00::1');
  });

  it('lies in the prefix and has the overlay address as its end, in both notations', () => {
    fc.assert(
      fc.property(uuids, addresses, (uuid, address) => {
        const ula = ulaOf(uuid);
        const groups = parseIpv6(ipv6Of(ula, address))!;
        expect(isInUla(ula, ipv6Of(ula, address))).toBe(true);
        expect(isInUla(ula, formatIpv6(groups.with(3, 1)))).toBe(false);
        expect(fromInt(((groups[6]! << 16) | groups[7]!) >>> 0)).toBe(address);
        expect(parseIpv6(`${ulaStem(ula)}${address}`)).toEqual(groups);
      }),
    );
  });
});
