import { invalid, MeshwrightError } from '../errors/catalogue.ts';
import { printable } from '../errors/printable.ts';
import type { Records } from '../mesh/records.ts';
import { type Cidr, type Ipv4, overlaps, parseCidr, parseIpv4 } from '../net/ipv4.ts';
import type { Addressing } from '../topology/addressing.ts';
import type { ClientIntent } from './client-intent.ts';
import { whyNotGranted } from './grants.ts';
import { isFreeForClient, type Pack } from './pack.ts';
import type { PackBook } from './pack-book.ts';
import { MAX_TAGS, parseTagKey, parseTagValue, type TagKey, type TagValue } from './pack-name.ts';
import { MAX_GRANTS } from './pack-records.ts';

/**
 * What an operator changes of packs. Every change is a record that all members get; who must be asked before one may
 * be made is the matter of `PackHomes`.
 */
export class PackService {
  readonly book: PackBook;
  readonly #records: Records;
  readonly #now: () => number;

  constructor(book: PackBook, now: () => number = Date.now) {
    this.book = book;
    this.#records = book.parts.records;
    this.#now = now;
  }

  /** What the compiler needs to let clients in. */
  clientIntents(): ClientIntent[] {
    return this.book
      .packs()
      .flatMap(({ address, enabled, generation, material, networks }) =>
        material ? [{ address, enabled, generation, material, networks }] : [],
      );
  }

  setEnabled(packs: readonly Pack[], enabled: boolean): void {
    const changing = packs.filter((pack) => pack.enabled !== enabled);
    this.#records.together(() => {
      for (const { address } of changing) this.#records.put('packStates', address, { address, enabled });
    });
  }

  /** Kept because clients of the API set and read it; no engine compresses. */
  setCompression(packs: readonly Pack[], compression: 'on' | 'off'): void {
    const changing = packs.filter((pack) => pack.compression !== compression);
    this.#records.together(() => {
      for (const { address } of changing)
        this.#records.put('packCompressions', address, { address, compression });
    });
  }

  setTag(pack: Pack, key: unknown, value: unknown): void {
    this.setTags([pack], this.checkTags([pack], { [parseTagKey(key)]: value }));
  }

  /** Reads tags and sees that every pack has room for them, before any of them is stored. */
  checkTags(packs: readonly Pack[], tags: Readonly<Record<string, unknown>>): [TagKey, TagValue][] {
    const pairs = Object.entries(tags).map(([key, value]): [TagKey, TagValue] => [
      parseTagKey(key),
      parseTagValue(value),
    ]);
    const isFull = (pack: Pack) =>
      new Set([...Object.keys(pack.tags), ...pairs.map(([key]) => key)]).size > MAX_TAGS;
    if (packs.some(isFull)) throw new MeshwrightError('TAGS_TOO_MANY', { field: 'key', limit: MAX_TAGS });
    return pairs;
  }

  setTags(packs: readonly Pack[], pairs: readonly [TagKey, TagValue][]): void {
    this.#records.together(() => {
      for (const { address } of packs)
        for (const [key, value] of pairs)
          this.#records.put('packTags', `${address} ${key}`, { address, key, value });
    });
  }

  /** Removing a tag that is not there is no error: it is what was wanted. */
  removeTag({ address }: Pack, key: unknown): void {
    this.#records.remove('packTags', `${address} ${parseTagKey(key)}`);
  }

  /** Replaces the networks that a client may announce. */
  grant(pack: Pack, networks: readonly string[]): void {
    const { address } = pack;
    this.#records.put('packGrants', address, { address, networks: this.#checkGrant(pack, networks) });
  }

  #checkGrant(pack: Pack, networks: readonly string[]): Cidr[] {
    if (networks.length > MAX_GRANTS) throw invalid('networks', `at most ${MAX_GRANTS} for one client`);
    const subnet = this.#addressing().subnet;
    const granted: Cidr[] = [];
    for (const text of networks) {
      const bad = (rule: string) =>
        new MeshwrightError('GRANT_INVALID', { field: 'networks', network: printable(text), rule });
      const network = parseCidr(text.trim());
      if (!network) throw bad('is not a network like 10.20.0.0/16, without host bits');
      const why = whyNotGranted(network, subnet);
      if (why !== null) throw bad(why);
      if (granted.some((other) => overlaps(other, network)))
        throw bad('is listed twice or overlaps another one');
      const holder = this.book
        .packs()
        .find(
          (other) => other.address !== pack.address && other.networks.some((one) => overlaps(one, network)),
        );
      if (holder) throw bad(`overlaps a network that is granted to ${holder.address}`);
      granted.push(network);
    }
    return granted.sort();
  }

  /** Addresses that could become clients, checked against licence and overlay; nothing is stored. */
  parseAdditions(text: string): Ipv4[] {
    const addressing = this.#addressing();
    const known = new Set<string>(this.book.packs().map(({ address }) => address));
    const wanted: Ipv4[] = [];
    for (const part of text.split(/[\s,]+/).filter(Boolean)) {
      const refuse = (why: string) =>
        new MeshwrightError('PACK_ADDRESS_TAKEN', { field: 'requested_ips', address: printable(part), why });
      const address = parseIpv4(part);
      if (!address) throw refuse('is not an IPv4 address');
      if (known.has(address)) throw refuse('is a client already');
      if (wanted.includes(address)) throw refuse('is listed twice');
      if (!isFreeForClient(addressing, address))
        throw refuse(
          `cannot be a client of ${addressing.subnet}: outside of it, or in use by the mesh itself`,
        );
      wanted.push(address);
    }
    if (wanted.length === 0) throw new MeshwrightError('ARGUMENT_MISSING', { field: 'requested_ips' });
    if (known.size + wanted.length > (this.book.parts.capacity() ?? 0))
      throw new MeshwrightError('PACKS_NO_ROOM', { count: wanted.length });
    return wanted;
  }

  add(addresses: readonly Ipv4[]): void {
    this.#records.together(() => {
      for (const address of addresses)
        this.#records.put('packAdditions', address, { address, at: this.#now() });
    });
  }

  #addressing(): Addressing {
    const addressing = this.book.parts.addressing();
    if (!addressing) throw new MeshwrightError('NOT_LICENSED');
    return addressing;
  }
}
