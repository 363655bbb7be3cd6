import { readSerial } from '../keyset/certificate.ts';
import type { ClientMaterial } from '../keyset/keyset.ts';
import type { Records } from '../mesh/records.ts';
import { type Cidr, compareIpv4, contains, type Ipv4, parseIpv4 } from '../net/ipv4.ts';
import type { Addressing } from '../topology/addressing.ts';
import { ALL_CONTROLLER_IDS, type ControllerId } from '../topology/controller-id.ts';
import { grantsByAddress } from './grants.ts';

/** One overlay address of a client with everything that members know of it. */
export interface Pack {
  readonly address: Ipv4;
  /** Position among all packs, from 1. */
  readonly number: number;
  /** The controller that alone may hand it out. */
  readonly home: ControllerId;
  readonly enabled: boolean;
  readonly checkout: { readonly by: ControllerId; readonly at: number } | null;
  readonly compression: 'on' | 'off';
  readonly tags: Readonly<Record<string, string>>;
  readonly networks: readonly Cidr[];
  readonly generation: number;
  /** Null while the pack's home has not made credentials for it yet. */
  readonly material: ClientMaterial | null;
}

export interface PackSources {
  readonly records: Pick<Records, 'all' | 'get'>;
  readonly addressing: Addressing;
  /** How many clients the licence grants. */
  readonly capacity: number;
  /** Credentials that came with the keyset. */
  readonly founding: readonly ClientMaterial[];
}

/** The home of packs that no record gives to somebody else: whoever founded the topology, which is controller 1. */
export function keeperOf(records: Pick<Records, 'get'>, addressing: Addressing): ControllerId {
  const told = records.get('packKeeper', 'keeper')?.keeper as ControllerId | undefined;
  return told ?? addressing.controllers[0]?.id ?? ALL_CONTROLLER_IDS[0]!;
}

/**
 * All packs in the order of their addresses. Pure: controllers that have the same records see the same packs, also
 * where two records contradict each other.
 */
export function mergePacks(sources: PackSources): Pack[] {
  const { records, addressing, founding } = sources;
  const keeper = keeperOf(records, addressing);
  const homes = byAddress(records.all('packHomes'));
  const checkouts = byAddress(records.all('packCheckouts'));
  const states = byAddress(records.all('packStates'));
  const compressions = byAddress(records.all('packCompressions'));
  const tags = tagsByAddress(records);
  const grants = grantsByAddress(records, addressing.subnet);
  const credentials = credentialsByAddress(records, founding);
  return addressesOf(sources).map((address, index): Pack => {
    const checkout = checkouts.get(address);
    const own = credentials.get(address);
    return {
      address,
      number: index + 1,
      home: (homes.get(address)?.home as ControllerId | undefined) ?? keeper,
      enabled: states.get(address)?.enabled ?? true,
      checkout: checkout?.checkedOut ? { by: checkout.by as ControllerId, at: checkout.at } : null,
      compression: compressions.get(address)?.compression ?? 'off',
      tags: tags.get(address) ?? {},
      networks: grants.get(address) ?? [],
      generation: own?.generation ?? 0,
      material: own?.material ?? null,
    };
  });
}

/** The licence's clients and those that were added; should additions exceed the licence, the lowest ones count. */
function addressesOf({ records, addressing, capacity }: PackSources): Ipv4[] {
  const licensed = new Set(addressing.clients);
  const added = records
    .all('packAdditions')
    .map(({ address }) => parseIpv4(address))
    .filter((address): address is Ipv4 => address !== null && !licensed.has(address))
    .filter((address) => isFreeForClient(addressing, address))
    .sort(compareIpv4);
  const room = Math.max(0, capacity - licensed.size);
  return [...licensed, ...added.slice(0, room)].sort(compareIpv4);
}

/** Inside of the overlay and nobody's: neither a controller's, nor the gateway, nor network or broadcast address. */
export function isFreeForClient({ subnet, vip, controllers }: Addressing, address: Ipv4): boolean {
  return (
    contains(subnet, address) &&
    address !== vip &&
    !controllers.some((controller) => controller.address === address) &&
    !isEdge(subnet, address)
  );
}

function isEdge(subnet: Cidr, address: Ipv4): boolean {
  const bits = 32 - Number(subnet.split('/')[1]);
  const host = address.split('.').reduce((value, octet) => value * 256 + Number(octet), 0) % 2 ** bits;
  return host === 0 || host === 2 ** bits - 1;
}

/**
 * The credentials in force. What a member wrote must not stop the others: a certificate without a serial number of ours,
 * or a key that is another client's, would be refused by the applier together with everything else.
 */
function credentialsByAddress(records: Pick<Records, 'all'>, founding: readonly ClientMaterial[]) {
  const credentials = new Map(founding.map((material) => [material.address, { generation: 0, material }]));
  const owners = new Map(founding.map(({ address, wireguard }) => [wireguard.publicKey, address]));
  const made = records
    .all('packCredentials')
    .toSorted(
      (a, b) =>
        compareIpv4(a.material.address as Ipv4, b.material.address as Ipv4) || a.generation - b.generation,
    );
  for (const record of made) {
    const { address, certificate, wireguard } = record.material;
    const owner = owners.get(wireguard.publicKey) ?? address;
    if (owner !== address || readSerial(certificate) === null) continue;
    owners.set(wireguard.publicKey, address);
    const known = credentials.get(address);
    // A record of the founding generation wins over the keyset: it is what everybody agreed on.
    if (!known || record.generation >= known.generation) credentials.set(address, record);
  }
  return credentials;
}

function byAddress<T extends { address: string }>(records: readonly T[]): Map<string, T> {
  return new Map(records.map((record) => [record.address, record]));
}

function tagsByAddress(records: PackSources['records']): Map<string, Record<string, string>> {
  const pairs = Map.groupBy(records.all('packTags'), ({ address }) => address);
  return new Map(
    [...pairs].map(([address, tags]) => [
      address,
      Object.fromEntries(
        tags.map(({ key, value }) => [key, value] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
      ),
    ]),
  );
}
