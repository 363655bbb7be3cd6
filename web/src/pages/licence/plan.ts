import type { WireAddressing, WireLicense } from '../../api/license.ts';

/** The addressing of a licence in force, in the form in which previews come. */
export function planOf({ topology, my_manager_vip }: WireLicense): WireAddressing {
  const clients = topology.clients.map((client) => client.ip_address);
  const controllers = topology.managers.map((manager) => ({
    id: manager.manager_id,
    address: manager.overlay_ipaddress.ip_address,
    asn: manager.asn,
  }));
  return {
    subnet: topology.overlay_subnet,
    vip: my_manager_vip,
    controllers,
    client_count: clients.length,
    client_ranges: ranges(clients),
    free: subnetSize(topology.overlay_subnet) - 3 - clients.length - controllers.length,
  };
}

/** All addresses of a subnet, network and broadcast included. */
export function subnetSize(subnet: string): number {
  return 2 ** (32 - Number(subnet.split('/')[1]));
}

/** Neighbouring addresses as one range. The list is in ascending order. */
export function ranges(addresses: readonly string[]): string[] {
  const found: { first: string; last: string }[] = [];
  for (const address of addresses) {
    const open = found.at(-1);
    if (open && toNumber(address) === toNumber(open.last) + 1) open.last = address;
    else found.push({ first: address, last: address });
  }
  return found.map(({ first, last }) => (first === last ? first : `${first}-${last}`));
}

export function toNumber(address: string): number {
  return address.split('.').reduce((value, octet) => value * 256 + Number(octet), 0);
}

/** One stretch of the drawing, from the bottom of the subnet to its top. */
export interface Stretch {
  readonly kind: 'client' | 'controller' | 'vip' | 'free';
  readonly first: number;
  readonly size: number;
  readonly label: string;
}

/** Who has which part of the subnet: neighbours of one kind are one stretch, what nobody has is free. */
export function stretches({ subnet, vip, controllers, client_ranges }: WireAddressing): Stretch[] {
  const base = toNumber(subnet.split('/')[0]!);
  const taken = [
    ...client_ranges.map((range) => {
      const [first, last = first] = range.split('-') as [string, string?];
      const size = toNumber(last!) - toNumber(first) + 1;
      return { kind: 'client' as const, first: toNumber(first), size, label: `clients, ${range}` };
    }),
    ...controllers.map(({ id, address }) => ({
      kind: 'controller' as const,
      first: toNumber(address),
      size: 1,
      label: `controller ${id}, ${address}`,
    })),
    { kind: 'vip' as const, first: toNumber(vip), size: 1, label: `virtual address, ${vip}` },
  ].sort((a, b) => a.first - b.first);
  const all: Stretch[] = [];
  let at = base + 1;
  const fill = (until: number) => {
    if (until > at) all.push({ kind: 'free', first: at, size: until - at, label: `${until - at} free` });
  };
  for (const stretch of taken) {
    fill(stretch.first);
    all.push(stretch);
    at = stretch.first + stretch.size;
  }
  fill(base + subnetSize(subnet) - 1);
  return all;
}
