import type { Observed } from '../desired/observed.ts';
import {
  type Cidr,
  cidrOf,
  netmask,
  networkOf,
  overlaps,
  parseCidr,
  parseIpv4,
  prefixLength,
} from '../net/ipv4.ts';
import type { Addressing } from '../topology/addressing.ts';
import type { ControllerId } from '../topology/controller-id.ts';

export interface ConnectedSubnet {
  readonly subnet: string;
  readonly network: string;
  readonly cidr_mask: string;
  readonly managerid: number;
  readonly netmask: string;
  readonly origin: 'local_no_encryption' | 'remote_manager';
}

const LINK_LOCAL = '169.254.0.0/16' as Cidr;

/** The networks one can reach from here: those of the machine's own interfaces, and those that peers advertise. */
export function connectedSubnets(
  observed: Observed | null,
  addressing: Addressing | null,
  self: ControllerId | null,
): ConnectedSubnet[] {
  if (!observed) return [];
  const found = new Map<Cidr, ConnectedSubnet>();
  const note = (cidr: Cidr | null, managerid: number, origin: ConnectedSubnet['origin']) => {
    if (!cidr || found.has(cidr) || overlaps(cidr, LINK_LOCAL)) return;
    if (addressing && overlaps(cidr, addressing.subnet)) return;
    found.set(cidr, {
      subnet: cidr,
      network: networkOf(cidr),
      cidr_mask: String(prefixLength(cidr)),
      managerid,
      netmask: netmask(cidr),
      origin,
    });
  };
  for (const { name, addresses } of observed.interfaces) {
    if (name === 'lo') continue;
    for (const { address, prefixLength: length } of addresses) {
      const ipv4 = parseIpv4(address);
      note(ipv4 && cidrOf(ipv4, length), self ?? 0, 'local_no_encryption');
    }
  }
  for (const { cidr, via, path, best } of observed.routes) {
    if (!best) continue;
    // The last controller on the path: behind it there may be the ASN of a client with a network of its own.
    const origin = path
      .flatMap((asn) => addressing?.controllers.find((one) => one.asn === asn)?.id ?? [])
      .at(-1);
    if (via === null) note(parseCidr(cidr), self ?? 0, 'local_no_encryption');
    else note(parseCidr(cidr), origin ?? via, 'remote_manager');
  }
  return [...found.values()];
}
