import { MeshwrightError } from '../errors/catalogue.ts';
import type { MemberLine } from '../mesh/member-line.ts';
import type { MemberRequests } from '../mesh/member-requests.ts';
import type { Records } from '../mesh/records.ts';
import { compareIpv4, type Ipv4 } from '../net/ipv4.ts';
import type { ControllerId } from '../topology/controller-id.ts';
import { keeperOf, type Pack } from './pack.ts';
import type { PackBook } from './pack-book.ts';
import { packName } from './pack-name.ts';

/** Longer than other questions: an answer that comes too late leaves a pack marked that nobody got. */
const NEXT_MS = 5000;

/** Which packs somebody would like to have. */
export interface PackWish {
  readonly low: Ipv4 | null;
  readonly high: Ipv4 | null;
  readonly includeDisabled: boolean;
}

/**
 * Handing out packs, so that none is ever handed out twice. Each pack has a home: that controller alone marks it as
 * checked out, in one step of one process, and everybody else asks it. A record can arrive late, but it never has
 * to be early: whoever is not the home decides nothing.
 */
export class PackHomes {
  readonly #book: PackBook;
  readonly #records: Records;
  readonly #line: MemberLine;
  readonly #now: () => number;

  constructor(book: PackBook, line: MemberLine, requests: MemberRequests, now: () => number = Date.now) {
    this.#book = book;
    this.#records = book.parts.records;
    this.#line = line;
    this.#now = now;
    requests.on('packNext', async ({ low, high, includeDisabled }) => {
      const address = this.#takeOwn({ low: low as Ipv4 | null, high: high as Ipv4 | null, includeDisabled });
      if (address) await this.#line.spread();
      return { address };
    });
    requests.on('packCheckout', async ({ addresses, checkedOut }) => {
      const done = this.#markOwn(addresses as Ipv4[], checkedOut);
      if (done > 0) await this.#line.spread();
      return { done };
    });
  }

  /** Checks out a free pack: of the own share as long as there is one, then of another controller's. */
  async next(wish: PackWish): Promise<Ipv4> {
    this.#self();
    const own = this.#takeOwn(wish);
    if (own) {
      // The answer waits for the other members, so that a home that dies right now has told somebody.
      await this.#line.spread();
      return own;
    }
    const silent: ControllerId[] = [];
    let unknown: Ipv4 | null = null;
    for (const home of this.#homesWith(wish)) {
      try {
        const { address } = await this.#line.ask('packNext', home, { ...wish }, NEXT_MS);
        if (address === null) continue;
        await this.#line.meet(home).catch(() => undefined);
        if (this.#book.find(address as Ipv4)) return address as Ipv4;
        // Its licence is larger than ours by now: a pack that we cannot hand out must not stay marked.
        unknown = address as Ipv4;
        await this.#line.ask('packCheckout', home, { addresses: [address], checkedOut: false });
      } catch (error) {
        if (error instanceof MeshwrightError) throw error;
        silent.push(home);
      }
    }
    if (unknown !== null) throw new MeshwrightError('PACK_HOME_CHANGED', { name: packName(unknown) });
    if (silent.length === 0) throw new MeshwrightError('PACKS_NONE');
    throw new MeshwrightError('PACKS_ELSEWHERE', { homes: silent.join(', ') });
  }

  /** Sets the mark of packs at their homes. All homes must answer before the first one changes anything. */
  async setCheckedOut(packs: readonly Pack[], checkedOut: boolean): Promise<void> {
    const self = this.#self();
    const changing = packs.filter(({ checkout }) => (checkout !== null) !== checkedOut);
    const byHome = Map.groupBy(changing, ({ home }) => home);
    const remote = [...byHome].filter(([home]) => home !== self);
    await Promise.all(remote.map(([home, [first]]) => this.#reach(home, first!)));
    this.#markOwn(
      (byHome.get(self) ?? []).map(({ address }) => address),
      checkedOut,
    );
    for (const [home, theirs] of remote) {
      const addresses = theirs.map(({ address }) => address);
      const { done } = await this.#line
        .ask('packCheckout', home, { addresses, checkedOut })
        .catch((error: unknown) => {
          throw error instanceof MeshwrightError ? error : unreachable(home, theirs[0]!);
        });
      if (done < theirs.length)
        throw new MeshwrightError('PACK_HOME_CHANGED', { name: packName(theirs[0]!.address) });
      await this.#line.meet(home).catch(() => undefined);
    }
    await this.#line.spread();
  }

  /** Takes the share of a controller that is gone. Refused while it answers: two homes would hand out one pack. */
  async takeOver(id: ControllerId): Promise<number> {
    const self = this.#self();
    const addressing = this.#book.parts.addressing();
    if (id === self || !addressing?.controllers.some((controller) => controller.id === id))
      throw new MeshwrightError('PACK_CONTROLLER_UNKNOWN', { field: 'id', id });
    const answers = await this.#line.ask('ping', id, {}).then(
      () => true,
      () => false,
    );
    if (answers) throw new MeshwrightError('PACK_HOME_ALIVE', { field: 'id', id });
    const packs = this.#book.packs().filter(({ home }) => home === id);
    this.#records.together(() => {
      for (const { address } of packs) this.#records.put('packHomes', address, { address, home: self });
      if (keeperOf(this.#records, addressing) === id)
        this.#records.put('packKeeper', 'keeper', { keeper: self });
    });
    await this.#line.spread();
    return packs.length;
  }

  /** Throws when the controller that makes new packs is another one and does not answer. */
  async requireKeeper(): Promise<void> {
    const self = this.#self();
    const addressing = this.#book.parts.addressing();
    const keeper = addressing && keeperOf(this.#records, addressing);
    if (keeper === null || keeper === self) return;
    await this.#line.ask('ping', keeper, {}).catch(() => {
      throw new MeshwrightError('PACK_KEEPER_UNREACHABLE', { keeper });
    });
  }

  /** Free packs by the controller that may hand them out. */
  shares(): Map<ControllerId, number> {
    const shares = new Map<ControllerId, number>();
    for (const pack of this.#book.packs())
      if (isFree(pack)) shares.set(pack.home, (shares.get(pack.home) ?? 0) + 1);
    return shares;
  }

  #self(): ControllerId {
    const self = this.#line.self();
    if (self === null) throw new MeshwrightError('PACK_SELF_NEEDED');
    return self;
  }

  async #reach(home: ControllerId, pack: Pack): Promise<void> {
    await this.#line.ask('ping', home, {}).catch(() => {
      throw unreachable(home, pack);
    });
  }

  /** The step that must not be interrupted: look and mark, without waiting for anything in between. */
  #takeOwn(wish: PackWish): Ipv4 | null {
    const self = this.#line.self();
    const pack = this.#book.packs().find((candidate) => candidate.home === self && fits(candidate, wish));
    if (!pack) return null;
    return this.#markOwn([pack.address], true) === 1 ? pack.address : null;
  }

  #markOwn(addresses: readonly Ipv4[], checkedOut: boolean): number {
    const self = this.#line.self();
    const own = addresses.filter((address) => this.#book.find(address)?.home === self);
    if (self === null) return 0;
    this.#records.together(() => {
      for (const address of own)
        this.#records.put('packCheckouts', address, { address, checkedOut, by: self, at: this.#now() });
    });
    return own.length;
  }

  /** Who else has packs that fit, the best stocked first: so shares run out at about the same time. */
  #homesWith(wish: PackWish): ControllerId[] {
    const self = this.#line.self();
    const stock = new Map<ControllerId, number>();
    for (const pack of this.#book.packs())
      if (pack.home !== self && fits(pack, wish)) stock.set(pack.home, (stock.get(pack.home) ?? 0) + 1);
    return [...stock].sort(([a, n], [b, m]) => m - n || a - b).map(([home]) => home);
  }
}

export function isFree(pack: Pack): boolean {
  return pack.checkout === null && pack.material !== null;
}

function fits(pack: Pack, { low, high, includeDisabled }: PackWish): boolean {
  return (
    isFree(pack) &&
    (pack.enabled || includeDisabled) &&
    (low === null || compareIpv4(pack.address, low) >= 0) &&
    (high === null || compareIpv4(pack.address, high) <= 0)
  );
}

function unreachable(home: ControllerId, pack: Pack): MeshwrightError {
  return new MeshwrightError('PACK_HOME_UNREACHABLE', { home, name: packName(pack.address) });
}
