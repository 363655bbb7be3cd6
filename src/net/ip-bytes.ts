import { isIPv4, isIPv6 } from 'node:net';

/** The 4 or 16 bytes of an IP address in any valid notation. */
export function ipBytes(text: string): Buffer {
  if (isIPv4(text)) return Buffer.from(text.split('.').map(Number));
  // The URL parser gives the canonical form, without embedded dotted quads.
  const canonical = new URL(`http://[${text.split('%')[0]}]`).hostname.slice(1, -1);
  const [head = '', tail = ''] = canonical.split('::');
  const groups = (part: string) => part.split(':').filter(Boolean);
  const zeros = Array<string>(8 - groups(head).length - groups(tail).length).fill('0');
  const words = [...groups(head), ...zeros, ...groups(tail)].map((group) => Number.parseInt(group, 16));
  return Buffer.from(words.flatMap((word) => [word >>> 8, word & 0xff]));
}

/** Who counts as one source of guesses: an IPv4 address, or the /64 that a single IPv6 host owns. */
export function sourceKey(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  return isIPv6(plain) ? `${ipBytes(plain).subarray(0, 8).toString('hex')}::/64` : plain;
}
