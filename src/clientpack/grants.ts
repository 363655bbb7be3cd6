import type { Records } from '../mesh/records.ts';
import { type Cidr, compareIpv4, type Ipv4, overlaps, parseCidr, prefixLength } from '../net/ipv4.ts';

const RESERVED: readonly [Cidr, string][] = [
  ['0.0.0.0/8' as Cidr, '"this network"'],
  ['127.0.0.0/8' as Cidr, 'loopback'],
  ['169.254.0.0/16' as Cidr, 'link-local addresses'],
  ['224.0.0.0/3' as Cidr, 'multicast and reserved'],
];

/** Why no client of this overlay may announce a network; null when one may. */
export function whyNotGranted(network: Cidr, overlay: Cidr): string | null {
  if (prefixLength(network) === 0) return 'is everything; a client cannot be granted a default route';
  for (const [reserved, use] of RESERVED)
    if (overlaps(network, reserved)) return `overlaps ${reserved}, ${use}`;
  return overlaps(network, overlay) ? `overlaps the overlay ${overlay}` : null;
}

/**
 * The networks of each client as all records together have them. Two grants of overlapping networks can meet only when
 * they were made on two sides of a partition. WireGuard would give the network to whoever came last, so the lower
 * address keeps it and the other loses it, on every controller. What no operator could have granted is left out.
 */
export function grantsByAddress(records: Pick<Records, 'all'>, overlay: Cidr): Map<string, Cidr[]> {
  const taken: Cidr[] = [];
  const result = new Map<string, Cidr[]>();
  const grants = records
    .all('packGrants')
    .toSorted((a, b) => compareIpv4(a.address as Ipv4, b.address as Ipv4));
  for (const { address, networks } of grants) {
    const kept: Cidr[] = [];
    for (const network of networks.map(parseCidr)) {
      if (network === null || whyNotGranted(network, overlay) !== null) continue;
      if (taken.some((other) => overlaps(network, other))) continue;
      taken.push(network);
      kept.push(network);
    }
    result.set(address, kept);
  }
  return result;
}
