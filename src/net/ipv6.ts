/** IPv6 addresses. Pure, so that the border and the compiler can use it as well. */

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
