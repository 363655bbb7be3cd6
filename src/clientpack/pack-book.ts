import { MeshwrightError } from '../errors/catalogue.ts';
import { printable } from '../errors/printable.ts';
import type { Keyset } from '../keyset/keyset.ts';
import type { Records } from '../mesh/records.ts';
import type { Ipv4 } from '../net/ipv4.ts';
import type { Addressing } from '../topology/addressing.ts';
import { mergePacks, type Pack } from './pack.ts';
import { parsePackName } from './pack-name.ts';

export interface PackBookParts {
  readonly records: Records;
  addressing(): Addressing | null;
  /** Clients that the licence grants; null without one. */
  capacity(): number | null;
  keyset(): Keyset | null;
}

/** All clientpacks as the records have them now. Put together once after each change, because lists ask often. */
export class PackBook {
  readonly parts: PackBookParts;
  #packs: ReadonlyMap<Ipv4, Pack> | null = null;
  #of: readonly unknown[] = [];

  constructor(parts: PackBookParts) {
    this.parts = parts;
    parts.records.onChange(() => {
      this.#packs = null;
    });
  }

  /** Empty without a licence; without a keyset no pack has credentials. */
  packs(): readonly Pack[] {
    return [...this.#map().values()];
  }

  find(address: Ipv4): Pack | null {
    return this.#map().get(address) ?? null;
  }

  /** The pack of this name. Throws when there is none. */
  named(name: string, missing: 'PACK_UNKNOWN' | 'PACK_NOT_FOUND' = 'PACK_UNKNOWN'): Pack {
    const address = parsePackName(name);
    const pack = address && this.find(address);
    if (!pack) throw new MeshwrightError(missing, { field: 'name', name: printable(name) });
    return pack;
  }

  #map(): ReadonlyMap<Ipv4, Pack> {
    const { records } = this.parts;
    const addressing = this.parts.addressing();
    const keyset = this.parts.keyset();
    const capacity = this.parts.capacity() ?? 0;
    const of = [addressing, keyset, capacity];
    if (this.#packs && of.every((part, at) => part === this.#of[at])) return this.#packs;
    this.#of = of;
    const packs = addressing
      ? mergePacks({ records, addressing, capacity, founding: keyset?.clients ?? [] })
      : [];
    this.#packs = new Map(packs.map((pack) => [pack.address, pack]));
    return this.#packs;
  }
}
