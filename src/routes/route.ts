import { invalid } from '../errors/catalogue.ts';
import { printable } from '../errors/printable.ts';
import {
  type Cidr,
  cidrOf,
  contains,
  type Ipv4,
  networkOf,
  overlaps,
  parseCidr,
  parseIpv4,
  prefixLength,
} from '../net/ipv4.ts';

/** One route as the operator asked for it. */
export interface Route {
  readonly id: number;
  readonly cidr: Cidr;
  readonly description: string;
  readonly interface: string | null;
  /** As it was written, possibly with `/32`: clients look their route up by this text. */
  readonly gateway: string | null;
  readonly advertise: boolean;
  readonly enabled: boolean;
  readonly metric: number;
  readonly table: string;
}

/** A route as a client sends it, before parsing. */
export interface NewRoute {
  readonly cidr: string;
  readonly description?: string | undefined;
  readonly interface?: string | undefined;
  readonly gateway?: string | undefined;
  readonly tunnel?: string | number | undefined;
  readonly table?: string | undefined;
  readonly advertise?: boolean | undefined;
  readonly metric?: number | undefined;
}

/** The word by which clients say that a value is not given. */
export const NOT_SET = '_notset';
const DEFAULT_ROUTE = '0.0.0.0/0' as Cidr;

const NEVER: readonly [Cidr, string][] = [
  ['0.0.0.0/8' as Cidr, 'is no network of machines'],
  ['127.0.0.0/8' as Cidr, 'is loopback: it never leaves a machine'],
  ['169.254.0.0/16' as Cidr, 'is link-local: the mesh numbers its links from it'],
  ['224.0.0.0/4' as Cidr, 'is multicast, which the mesh does not route'],
  ['240.0.0.0/4' as Cidr, 'is reserved'],
];

/** Parses and judges a new route. `overlay` is the topology's own subnet, which only the mesh itself may route. */
export function parseRoute(input: NewRoute, overlay: Cidr | null): Omit<Route, 'id' | 'enabled'> {
  const route = {
    cidr: parseDestination(input.cidr),
    description: parseDescription(input.description ?? ''),
    interface: parseInterface(given(input.interface)),
    gateway: parseGateway(given(input.gateway)),
    advertise: input.advertise ?? false,
    metric: input.metric ?? 0,
    table: parseTable(given(input.table) ?? 'main'),
  };
  const tunnel = given(input.tunnel === undefined ? undefined : String(input.tunnel));
  if (tunnel !== null && tunnel !== '0')
    throw invalid('tunnel', `there is no IPsec tunnel ${printable(tunnel)}`);
  if (route.cidr === DEFAULT_ROUTE) {
    if (route.advertise)
      throw invalid('cidr', 'the mesh carries no default route; advertise the networks themselves');
    if (!route.interface && !route.gateway)
      throw invalid('cidr', 'a default route needs an interface or a gateway');
  } else if (overlay && overlaps(route.cidr, overlay)) {
    throw invalid(
      'cidr',
      `${route.cidr} overlaps the overlay subnet ${overlay}, which the mesh routes itself`,
    );
  }
  return route;
}

/** The address of the next hop, without the `/32` that some clients write. */
export function gatewayAddress(route: Pick<Route, 'gateway'>): Ipv4 | null {
  return route.gateway === null ? null : (route.gateway.replace(/\/32$/, '') as Ipv4);
}

/** Missing, empty and `_notset` mean the same. */
function given(text: string | undefined): string | null {
  const trimmed = text?.trim() ?? '';
  return trimmed === '' || trimmed === NOT_SET ? null : trimmed;
}

function parseDestination(text: string): Cidr {
  const cidr = parseCidr(text.trim());
  if (!cidr) throw invalid('cidr', whyNoCidr(text.trim()));
  const bogon = NEVER.find(
    ([network]) => prefixLength(cidr) >= prefixLength(network) && contains(network, networkOf(cidr)),
  );
  if (bogon) throw invalid('cidr', `${cidr} ${bogon[1]}`);
  return cidr;
}

function whyNoCidr(text: string): string {
  const [host, length, ...more] = text.split('/');
  const address = parseIpv4(host ?? '');
  if (!address || more.length > 0) return `"${printable(text)}" is not a network such as 10.0.1.0/24`;
  if (length === undefined) return `the prefix length is missing; for one host write ${address}/32`;
  if (!/^(\d|[12]\d|3[0-2])$/.test(length)) return `"${printable(text)}" needs a prefix length from 0 to 32`;
  return `${text} has host bits set; did you mean ${cidrOf(address, Number(length))}?`;
}

/**
 * A published client copies descriptions into JSON text without escaping them, so that one quote, backslash or
 * line break in one description makes every route unreadable for it.
 */
function parseDescription(text: string): string {
  if (text.length > 255) throw invalid('description', 'must have at most 255 characters');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
  if (/["\\\u0000-\u001f\u007f\u2028\u2029]/.test(text)) {
    throw invalid(
      'description',
      'must not hold double quotes, backslashes, line breaks or control characters: the Terraform provider cannot read them',
    );
  }
  return text;
}

function parseInterface(name: string | null): string | null {
  if (name === null) return null;
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$/.test(name))
    throw invalid('interface', 'must be the name of an interface, e.g. eth0', name);
  if (name === 'lo') throw invalid('interface', 'the loopback interface leads nowhere');
  if (/^mw\d+$/.test(name))
    throw invalid('interface', `${name} is a link of the mesh, which routes it itself`);
  return name;
}

function parseGateway(text: string | null): string | null {
  if (text === null) return null;
  const address = parseIpv4(text.replace(/\/32$/, ''));
  const first = address === null ? 0 : Number(address.split('.')[0]);
  if (first === 0 || first === 127 || first >= 224)
    throw invalid('gateway', 'must be the IPv4 address of a router', text);
  return text;
}

function parseTable(name: string): string {
  if (name !== 'main') throw invalid('table', 'must be main, the only table', name);
  return name;
}
