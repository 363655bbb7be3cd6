import { invalid, MeshwrightError } from '../errors/catalogue.ts';
import { type Cidr, compareIpv4, contains, type Ipv4, networkOf, parseCidr, rangeOf } from '../net/ipv4.ts';
import { parseAddressList, parseAddressRanges, parseAsns } from './address-list.ts';
import {
  type AddressGrant,
  type Addressing,
  checkSubnetUsable,
  defaultAddressing,
  extendAddressing,
  nextAsn,
  topAddress,
} from './addressing.ts';
import { ALL_CONTROLLER_IDS } from './controller-id.ts';

/** The body of `PUT /license/parameters`, as loosely typed as published clients send it. */
export interface AddressingParameters {
  default?: unknown;
  subnet?: unknown;
  managers?: unknown;
  asns?: unknown;
  clients?: unknown;
  my_manager_vip?: unknown;
  /** Our own: IPv6 inside of the overlay, which can be switched on and off at any time. */
  ipv6?: unknown;
}

const CUSTOM_FIELDS = ['subnet', 'managers', 'asns', 'clients', 'my_manager_vip'] as const;

/**
 * The addressing that an operator asked for. A field that is not given follows the counting rule of the default,
 * so that a subnet alone is enough; what is given is taken as it is or refused by name.
 */
export function parseParameters(body: AddressingParameters, grant: AddressGrant): Addressing {
  const given = CUSTOM_FIELDS.filter((field) => text(body[field]) !== '');
  if (isTrue(body.default)) {
    if (given.length > 0) throw new MeshwrightError('PARAMETERS_CONFLICT', { field: given[0]! });
    return defaultAddressing(grant);
  }
  if (given.length === 0) throw new MeshwrightError('PARAMETERS_MISSING');
  if (!grant.customAddressing) throw new MeshwrightError('CUSTOM_ADDRESSING_NOT_LICENSED');

  const subnet = parseSubnet(text(body.subnet)) ?? grant.overlaySubnet;
  const vip = text(body.my_manager_vip);
  const start: Addressing = {
    subnet,
    vip: vip === '' ? topAddress(subnet) : parseAddressList('my_manager_vip', vip, subnet, 1)[0]!,
    controllers: [],
    clients: [],
  };
  return complete(start, body, grant, grant);
}

/** How many controllers and clients there shall be where the operator lists none. */
export type FillTarget = Pick<AddressGrant, 'controllers' | 'clients'>;

/** Adds to an accepted addressing. Addresses that exist already may be repeated and stay as they are. */
export function parseExtension(
  current: Addressing,
  body: AddressingParameters,
  grant: AddressGrant,
  target: FillTarget,
): Addressing {
  const subnet = parseSubnet(text(body.subnet)) ?? current.subnet;
  if (!contains(subnet, networkOf(current.subnet)) || rangeOf(subnet).last < rangeOf(current.subnet).last) {
    throw new MeshwrightError('SUBNET_SHRINKS', { field: 'subnet', subnet, current: current.subnet });
  }
  const vip = text(body.my_manager_vip);
  if (vip !== '' && vip !== current.vip) {
    throw new MeshwrightError('VIP_FIXED', { field: 'my_manager_vip', value: vip, current: current.vip });
  }
  return complete({ ...current, subnet }, body, grant, target);
}

/** The addressing with IPv6 as the body wants it, or as it was when the body does not say. */
export function withIpv6(addressing: Addressing, { ipv6 }: AddressingParameters): Addressing {
  if (ipv6 === undefined || ipv6 === null || ipv6 === '') return addressing;
  if (!isTrue(ipv6) && !isFalse(ipv6))
    throw invalid('ipv6', `must be true or false, not ${JSON.stringify(ipv6)}`);
  const { ipv6: _, ...without } = addressing;
  return isTrue(ipv6) ? { ...without, ipv6: true } : without;
}

/** The fields of a body that say something: an empty string means that a field is not given. */
export function givenFields(body: AddressingParameters): (keyof AddressingParameters)[] {
  const given: (keyof AddressingParameters)[] = CUSTOM_FIELDS.filter((field) => text(body[field]) !== '');
  return isTrue(body.default) ? [...given, 'default'] : given;
}

function complete(
  start: Addressing,
  body: AddressingParameters,
  grant: AddressGrant,
  target: FillTarget,
): Addressing {
  const managersGiven = text(body.managers) !== '';
  const clientsGiven = text(body.clients) !== '';
  const known = new Set(start.controllers.map((c) => c.address));
  const managers = managersGiven
    ? parseAddressList('managers', text(body.managers), start.subnet).filter((address) => !known.has(address))
    : null;
  const controllerCount = start.controllers.length + (managers?.length ?? 0);
  if (controllerCount > grant.controllers) {
    throw new MeshwrightError('TOO_MANY_CONTROLLERS', {
      field: 'managers',
      count: controllerCount,
      granted: grant.controllers,
    });
  }
  const asns = text(body.asns) === '' ? null : parseAsns(text(body.asns));

  const room = grant.clients + (clientsGiven ? start.clients.length : 0);
  const listed = clientsGiven ? parseAddressRanges('clients', text(body.clients), start.subnet, room) : [];
  const clients = [...new Set([...start.clients, ...listed])].sort(compareIpv4);
  if (clients.length > grant.clients) {
    throw new MeshwrightError('TOO_MANY_CLIENTS', {
      field: 'clients',
      count: clients.length,
      granted: grant.clients,
    });
  }

  let result: Addressing = { ...start, clients };
  for (const [index, address] of (managers ?? []).entries()) {
    const asn = asns?.[index] ?? nextAsn(result.controllers);
    const id = ALL_CONTROLLER_IDS[result.controllers.length]!;
    result = { ...result, controllers: [...result.controllers, { id, address, asn }] };
  }
  refuseCollisions(result);
  result = extendAddressing(result, {
    controllers: managersGiven ? 0 : target.controllers,
    clients: clientsGiven ? 0 : target.clients,
  });
  return asns === null ? result : withAsns(result, start.controllers.length, asns);
}

/** Puts the listed ASNs on the controllers that are new; the others keep theirs. */
function withAsns(addressing: Addressing, kept: number, asns: readonly number[]): Addressing {
  const fresh = addressing.controllers.length - kept;
  if (asns.length !== fresh) {
    throw new MeshwrightError('ASN_COUNT', { field: 'asns', count: asns.length, controllers: fresh });
  }
  const controllers = addressing.controllers.map((c, index) =>
    index < kept ? c : { ...c, asn: asns[index - kept]! },
  );
  const seen = new Set<number>();
  for (const { asn } of controllers) {
    if (seen.has(asn)) throw new MeshwrightError('ASN_DUPLICATE', { field: 'asns', asn });
    seen.add(asn);
  }
  return { ...addressing, controllers };
}

function refuseCollisions({ vip, controllers, clients }: Addressing): void {
  const holder = controllers.find((c) => c.address === vip);
  if (holder)
    throw new MeshwrightError('VIP_IN_USE', {
      field: 'my_manager_vip',
      address: vip,
      holder: `controller ${holder.id}`,
    });
  const asClients = new Set<Ipv4>(clients);
  if (asClients.has(vip))
    throw new MeshwrightError('VIP_IN_USE', { field: 'my_manager_vip', address: vip, holder: 'a client' });
  for (const { id, address } of controllers) {
    if (asClients.has(address))
      throw new MeshwrightError('CLIENT_IS_CONTROLLER', { field: 'clients', address, id });
  }
}

function parseSubnet(value: string): Cidr | null {
  if (value === '') return null;
  const subnet = parseCidr(value);
  if (!subnet) {
    throw new MeshwrightError('SUBNET_INVALID', {
      field: 'subnet',
      value,
      rule: 'it must be a network in the form 172.31.1.0/24, without host bits',
    });
  }
  checkSubnetUsable(subnet);
  return subnet;
}

/** Clients send strings, numbers or lists; an empty string means that the field is not given. */
function text(value: unknown): string {
  if (Array.isArray(value)) return value.map(text).join(',');
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

function isTrue(value: unknown): boolean {
  return value === true || (typeof value === 'string' && value.toLowerCase() === 'true');
}

function isFalse(value: unknown): boolean {
  return value === false || (typeof value === 'string' && value.toLowerCase() === 'false');
}
