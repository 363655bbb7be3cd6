/**
 * IPv4 addresses and prefixes as parsed types. Text enters here once, at the border; inside the product an
 * address is always an `Ipv4` or a `Cidr` in canonical form.
 */
declare const ipv4Brand: unique symbol;
declare const cidrBrand: unique symbol;

/** Canonical dotted quad, e.g. `100.127.255.253`. */
export type Ipv4 = string & { readonly [ipv4Brand]: true };
/** Canonical network prefix without host bits, e.g. `100.127.255.192/26`. */
export type Cidr = string & { readonly [cidrBrand]: true };

const QUAD = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/;

/** Parses a dotted quad; `null` when the text is anything else. Leading zeros are refused: some parsers read them as octal. */
export function parseIpv4(text: string): Ipv4 | null {
  const match = QUAD.exec(text);
  if (!match) return null;
  return match.slice(1).every((octet) => Number(octet) <= 255) ? (text as Ipv4) : null;
}

/** Parses `a.b.c.d/len`; host bits must be zero. `null` when it is not a prefix. */
export function parseCidr(text: string): Cidr | null {
  const parts = text.split('/');
  if (parts.length !== 2) return null;
  const address = parseIpv4(parts[0]!);
  if (!address || !/^(0|[1-9]|[12]\d|3[0-2])$/.test(parts[1]!)) return null;
  const length = Number(parts[1]);
  return toInt(address) === (toInt(address) & maskInt(length)) >>> 0 ? (text as Cidr) : null;
}

/** The 32-bit value of an address. */
export function toInt(address: Ipv4): number {
  return address.split('.').reduce((value, octet) => value * 256 + Number(octet), 0);
}

/** The address of a 32-bit value. */
export function fromInt(value: number): Ipv4 {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.') as Ipv4;
}

function maskInt(length: number): number {
  return length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0;
}

export function prefixLength(cidr: Cidr): number {
  return Number(cidr.split('/')[1]);
}

export function networkOf(cidr: Cidr): Ipv4 {
  return cidr.split('/')[0] as Ipv4;
}

/** The dotted netmask of a prefix, e.g. `255.255.255.192`. */
export function netmask(cidr: Cidr): Ipv4 {
  return fromInt(maskInt(prefixLength(cidr)));
}

/** The prefix of a given length that holds the address. */
export function cidrOf(address: Ipv4, length: number): Cidr {
  return `${fromInt((toInt(address) & maskInt(length)) >>> 0)}/${length}` as Cidr;
}

export function hostRoute(address: Ipv4): Cidr {
  return `${address}/32` as Cidr;
}

/** First and last 32-bit value of a prefix, network and broadcast address included. */
export function rangeOf(cidr: Cidr): { first: number; last: number } {
  const first = toInt(networkOf(cidr));
  return { first, last: first + 2 ** (32 - prefixLength(cidr)) - 1 };
}

export function contains(cidr: Cidr, address: Ipv4): boolean {
  const { first, last } = rangeOf(cidr);
  const value = toInt(address);
  return value >= first && value <= last;
}

export function overlaps(a: Cidr, b: Cidr): boolean {
  const ra = rangeOf(a);
  const rb = rangeOf(b);
  return ra.first <= rb.last && rb.first <= ra.last;
}

/** Orders addresses numerically. */
export function compareIpv4(a: Ipv4, b: Ipv4): number {
  return toInt(a) - toInt(b);
}
