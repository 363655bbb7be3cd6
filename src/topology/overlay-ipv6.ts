import { createHash } from 'node:crypto';
import { type Ipv4, toInt } from '../net/ipv4.ts';
import { formatIpv6, type Ipv6, parseIpv6 } from '../net/ipv6.ts';

/**
 * IPv6 inside of the overlay. A topology has one unique local prefix (RFC 4193), which follows from its keyset, and
 * whoever has an overlay address has one in the prefix, which follows from that: every controller finds the same ones,
 * and nothing has to be stored, shared or handed out.
 */
declare const brand: unique symbol;
/** A network like `fd12:3456:789a::/64`, in the form of RFC 5952. */
export type Ula = string & { readonly [brand]: true };

const ULA_BYTE = 0xfd;

/** `fd`, 40 bits of a digest as the global id, subnet 0. */
export function ulaOf(keysetUuid: string): Ula {
  const id = createHash('sha256').update(`meshwright overlay ipv6 ${keysetUuid}`).digest();
  const groups = [ULA_BYTE * 256 + id.readUInt8(0), id.readUInt16BE(1), id.readUInt16BE(3), 0, 0, 0, 0, 0];
  return `${formatIpv6(groups)}/64` as Ula;
}

/** Null unless the text is a prefix of the kind that `ulaOf` makes. */
export function parseUla(text: string): Ula | null {
  const [network, length, ...rest] = text.split('/');
  const groups = parseIpv6(network ?? '');
  if (!groups || length !== '64' || rest.length > 0) return null;
  if (groups[0]! >>> 8 !== ULA_BYTE || groups.slice(3).some((group) => group !== 0)) return null;
  return formatIpv6(groups) === network ? (text as Ula) : null;
}

/** Whether the text is an address in the prefix. */
export function isInUla(ula: Ula, text: string): boolean {
  const groups = parseIpv6(text);
  return groups !== null && `${formatIpv6([...groups.slice(0, 4), 0, 0, 0, 0])}/64` === ula;
}

/** The IPv6 address beside an overlay address: the prefix, and the overlay address as its last 32 bits. */
export function ipv6Of(ula: Ula, address: Ipv4): Ipv6 {
  const value = toInt(address);
  const prefix = parseIpv6(ula.split('/')[0]!)!.slice(0, 4);
  return formatIpv6([...prefix, 0, 0, value >>> 16, value & 0xffff]);
}

/**
 * What comes before an IPv4 address in a notation of `ipv6Of` that every tool reads, e.g. `fd12:3456:789a:0:0:0:`. For
 * scripts that have the IPv4 address only.
 */
export function ulaStem(ula: Ula): string {
  const prefix = parseIpv6(ula.split('/')[0]!)!.slice(0, 3);
  return `${prefix.map((group) => group.toString(16)).join(':')}:0:0:0:`;
}
