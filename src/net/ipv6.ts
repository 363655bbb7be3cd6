/** IPv6 addresses. Pure, so that the border and the compiler can use it as well. */
declare const ipv6Brand: unique symbol;

/** In the form of RFC 5952, as every tool prints it, e.g. `fd12:3456:789a::647f:fffd`. */
export type Ipv6 = string & { readonly [ipv6Brand]: true };

/** The eight groups of an address, or null. Zones and embedded IPv4 at odd places are refused by the URL parser. */
export function parseIpv6(text: string): number[] | null {
  if (!/^[0-9a-fA-F:.]{2,45}$/.test(text) || !text.includes(':')) return null;
  let canonical: string;
  try {
    canonical = new URL(`http://[${text}]`).hostname.slice(1, -1);
  } catch {
    return null;
  }
  const [head = '', tail] = canonical.split('::');
  const groups = (part: string) =>
    part === '' ? [] : part.split(':').map((one) => Number.parseInt(one, 16));
  if (tail === undefined) return groups(head);
  const [left, right] = [groups(head), groups(tail)];
  return [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right];
}

export function isIpv6(text: string): boolean {
  return parseIpv6(text) !== null;
}

/** The address of eight groups. */
export function formatIpv6(groups: readonly number[]): Ipv6 {
  const text = groups.map((group) => group.toString(16)).join(':');
  return new URL(`http://[${text}]`).hostname.slice(1, -1) as Ipv6;
}
