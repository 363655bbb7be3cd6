import { MeshwrightError } from '../errors/catalogue.ts';
import { type Cidr, contains, fromInt, type Ipv4, parseIpv4, rangeOf, toInt } from '../net/ipv4.ts';
import { LAST_ASN } from './addressing.ts';

/** The lists of the licence parameters. Each refuses the first element that is wrong and says which and why. */

/** Addresses separated by spaces or commas, in the order given. */
export function parseAddressList(field: string, value: string, subnet: Cidr, limit = Infinity): Ipv4[] {
  const addresses = split(value).map((item) => parseUsable(field, item, subnet));
  if (addresses.length === 0 || addresses.length > limit)
    throw new MeshwrightError('ADDRESS_INVALID', { field, value });
  refuseDuplicates(field, addresses);
  return addresses;
}

/** Like a list, with `a-b` ranges. `limit` is checked before a range is expanded: it may span a whole /8. */
export function parseAddressRanges(field: string, value: string, subnet: Cidr, limit: number): Ipv4[] {
  const addresses: Ipv4[] = [];
  for (const item of split(value.replaceAll(/\s*-\s*/g, '-'))) {
    const ends = item.split('-');
    if (ends.length > 2) throw new MeshwrightError('ADDRESS_INVALID', { field, value: item });
    const [from, to] = [ends[0]!, ends.at(-1)!].map((end) => toInt(parseUsable(field, end, subnet))) as [
      number,
      number,
    ];
    if (to < from) throw new MeshwrightError('ADDRESS_RANGE_BACKWARDS', { field, value: item });
    const count = addresses.length + to - from + 1;
    if (count > limit) throw new MeshwrightError('TOO_MANY_CLIENTS', { field, count, granted: limit });
    for (let at = from; at <= to; at++) addresses.push(fromInt(at));
  }
  refuseDuplicates(field, addresses);
  return addresses;
}

export function parseAsns(value: string): number[] {
  const asns = split(value).map((item) => {
    if (!/^\d+$/.test(item)) throw new MeshwrightError('ASN_NOT_A_NUMBER', { field: 'asns', value: item });
    const asn = Number(item);
    if (asn < 1 || asn > LAST_ASN)
      throw new MeshwrightError('ASN_OUT_OF_RANGE', { field: 'asns', value: item, last: LAST_ASN });
    return asn;
  });
  const duplicate = asns.find((asn, index) => asns.indexOf(asn) !== index);
  if (duplicate !== undefined) throw new MeshwrightError('ASN_DUPLICATE', { field: 'asns', asn: duplicate });
  return asns;
}

function split(value: string): string[] {
  return value.split(/[\s,]+/).filter((item) => item !== '');
}

function parseUsable(field: string, value: string, subnet: Cidr): Ipv4 {
  const address = parseIpv4(value);
  if (!address) throw new MeshwrightError('ADDRESS_INVALID', { field, value });
  if (!contains(subnet, address))
    throw new MeshwrightError('ADDRESS_OUTSIDE_SUBNET', { field, address, subnet });
  const { first, last } = rangeOf(subnet);
  if (toInt(address) === first) throw new MeshwrightError('ADDRESS_IS_NETWORK', { field, address, subnet });
  if (toInt(address) === last) throw new MeshwrightError('ADDRESS_IS_BROADCAST', { field, address, subnet });
  return address;
}

function refuseDuplicates(field: string, addresses: readonly Ipv4[]): void {
  const seen = new Set<Ipv4>();
  for (const address of addresses) {
    if (seen.has(address)) throw new MeshwrightError('ADDRESS_DUPLICATE', { field, address });
    seen.add(address);
  }
}
