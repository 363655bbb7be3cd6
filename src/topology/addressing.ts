import { MeshwrightError } from '../errors/catalogue.ts';
import {
  type Cidr,
  cidrOf,
  compareIpv4,
  fromInt,
  type Ipv4,
  overlaps,
  parseIpv4,
  prefixLength,
  rangeOf,
  toInt,
} from '../net/ipv4.ts';
import { ALL_CONTROLLER_IDS, type ControllerId } from './controller-id.ts';

/** Who has which overlay address. Plain data: it is stored, compared by checksum and copied with the keyset. */
export interface Addressing {
  subnet: Cidr;
  /** One address that every controller answers on, so that a client has the same gateway wherever it attaches. */
  vip: Ipv4;
  controllers: { id: ControllerId; address: Ipv4; asn: number }[];
  /** In ascending order, so that the order in which an operator typed them does not change the checksum. */
  clients: Ipv4[];
  /** Everybody has an IPv6 address beside the overlay address. Absent when off, so that checksums of before stay as they are. */
  ipv6?: true;
}

/** What a licence allows, as far as addresses are concerned. */
export interface AddressGrant {
  controllers: number;
  clients: number;
  /** The subnet that is used when the operator accepts the default. */
  overlaySubnet: Cidr;
  customAddressing: boolean;
}

export const FIRST_ASN = 65001;
export const LAST_ASN = 4294967294;

/**
 * The subnet an authority puts into a licence unless told otherwise. All candidates end at the same address, so
 * controllers keep their well-known last octets (.253 downwards) whatever the size. A /25 is left out: a topology
 * that outgrew a /26 would fill it at once and leave no room for an upgrade.
 */
export function defaultOverlaySubnet(controllers: number, clients: number): Cidr {
  const needed = controllers + clients + 1;
  const length = [26, 24, 23, 22, 21, 20, 19, 18].find((candidate) => 2 ** (32 - candidate) - 2 >= needed);
  if (length === undefined) throw new RangeError(`no default subnet holds ${needed} addresses`);
  return cidrOf(parseIpv4('100.127.255.255')!, length);
}

/** Addresses by the counting rule: VIP on top, controllers below it downwards, clients from the bottom upwards. */
export function defaultAddressing(grant: AddressGrant): Addressing {
  const empty: Addressing = {
    subnet: grant.overlaySubnet,
    vip: topAddress(grant.overlaySubnet),
    controllers: [],
    clients: [],
  };
  return extendAddressing(empty, grant);
}

/** The top usable address of a subnet. */
export function topAddress(subnet: Cidr): Ipv4 {
  return fromInt(rangeOf(subnet).last - 1);
}

/** How many addresses of the subnet nobody has yet. */
export function freeAddresses(addressing: Addressing): number {
  const { first, last } = rangeOf(addressing.subnet);
  return last - first - 2 - addressing.controllers.length - addressing.clients.length;
}

/** Adds controllers and clients by the counting rule until the grant is used up. Nobody who has an address loses it. */
export function extendAddressing(
  current: Addressing,
  grant: Pick<AddressGrant, 'controllers' | 'clients'>,
): Addressing {
  const missing =
    Math.max(0, grant.controllers - current.controllers.length) +
    Math.max(0, grant.clients - current.clients.length);
  if (missing > freeAddresses(current)) {
    throw new MeshwrightError('SUBNET_TOO_SMALL', {
      field: 'subnet',
      subnet: current.subnet,
      free: freeAddresses(current),
      needed: missing,
    });
  }
  const { first, last } = rangeOf(current.subnet);
  const taken = new Set<Ipv4>([
    current.vip,
    ...current.controllers.map((c) => c.address),
    ...current.clients,
  ]);
  const take = (from: number, step: 1 | -1): Ipv4 => {
    let value = from;
    while (taken.has(fromInt(value))) value += step;
    taken.add(fromInt(value));
    return fromInt(value);
  };
  const controllers = [...current.controllers];
  for (const id of ALL_CONTROLLER_IDS.slice(controllers.length, grant.controllers)) {
    controllers.push({ id, address: take(last - 1, -1), asn: nextAsn(controllers) });
  }
  const clients = [...current.clients];
  for (let from = first + 1; clients.length < grant.clients; ) {
    const address = take(from, 1);
    clients.push(address);
    from = toInt(address) + 1;
  }
  return { ...current, controllers, clients: clients.sort(compareIpv4) };
}

/** The ASN of the next controller: one above the highest, so that a topology stays readable. */
export function nextAsn(controllers: Addressing['controllers']): number {
  const highest = Math.max(FIRST_ASN - 1, ...controllers.map((c) => c.asn));
  if (highest < LAST_ASN) return highest + 1;
  let asn = FIRST_ASN;
  while (controllers.some((c) => c.asn === asn)) asn++;
  return asn;
}

const RESERVED: readonly [Cidr, string][] = [
  ['0.0.0.0/8' as Cidr, '"this network"'],
  ['127.0.0.0/8' as Cidr, 'loopback'],
  ['169.254.0.0/16' as Cidr, 'link-local addresses'],
  ['224.0.0.0/4' as Cidr, 'multicast'],
  ['240.0.0.0/4' as Cidr, 'future use'],
];

/** Refuses a subnet that could never carry an overlay: reserved by the Internet's registries, or of a useless size. */
export function checkSubnetUsable(subnet: Cidr): void {
  for (const [reserved, use] of RESERVED) {
    if (overlaps(subnet, reserved))
      throw new MeshwrightError('SUBNET_RESERVED', { field: 'subnet', subnet, reserved, use });
  }
  const length = prefixLength(subnet);
  if (length < 8 || length > 29) {
    throw new MeshwrightError('SUBNET_INVALID', {
      field: 'subnet',
      value: subnet,
      rule: 'its prefix length must be 8 to 29',
    });
  }
}

export interface LocalNetwork {
  readonly interface: string;
  readonly cidr: Cidr;
}

/** Refuses an overlay that covers a network this machine is attached to: replies would go into the mesh. */
export function checkSubnetClear(subnet: Cidr, localNetworks: readonly LocalNetwork[]): void {
  for (const local of localNetworks) {
    if (prefixLength(local.cidr) === 0 || !overlaps(subnet, local.cidr)) continue;
    throw new MeshwrightError('SUBNET_OVERLAPS_LOCAL', {
      field: 'subnet',
      subnet,
      local: local.cidr,
      interface: local.interface,
    });
  }
}
