import type { MemberLine } from '../mesh/member-line.ts';
import type { Records } from '../mesh/records.ts';
import type { Ipv4 } from '../net/ipv4.ts';
import type { ControllerId } from '../topology/controller-id.ts';
import type { Pack } from './pack.ts';
import type { PackBook } from './pack-book.ts';
import { isFree } from './pack-homes.ts';

const LOOK_MS = 2000;

/**
 * Gives every member a share of the free packs, so that each can hand some out when it is alone. Only the home of a
 * pack passes it on: from that write on it decides nothing about the pack any more, and the new home begins when
 * the record reaches it. In between nobody hands it out, which is what keeps this safe.
 */
export class PackSharing {
  readonly #book: PackBook;
  readonly #records: Records;
  readonly #line: MemberLine;
  #timer: NodeJS.Timeout | null = null;
  #busy = false;

  constructor(book: PackBook, line: MemberLine) {
    this.#book = book;
    this.#records = book.parts.records;
    this.#line = line;
  }

  start(): void {
    this.#timer = setInterval(() => void this.share().catch(() => undefined), LOOK_MS);
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
  }

  /** Passes packs on where somebody who answers has too few. */
  async share(): Promise<void> {
    const self = this.#line.self();
    if (self === null || this.#busy) return;
    this.#busy = true;
    try {
      const members = [self, ...this.#line.reachable()];
      for (const id of [...planSharing(this.#book.packs(), self, members).keys()]) {
        const answers = await this.#line.ask('ping', id, {}).then(
          () => true,
          () => false,
        );
        // Planned again after each wait: meanwhile packs may have been handed out.
        const gift = answers ? planSharing(this.#book.packs(), self, members).get(id) : undefined;
        if (!gift) continue;
        this.#records.together(() => {
          for (const address of gift) this.#records.put('packHomes', address, { address, home: id });
        });
      }
    } finally {
      this.#busy = false;
    }
  }
}

/**
 * What `self` should pass to whom. A member gets packs when it has less than half of a fair share, and then up to a
 * fair share: so single check-outs do not make packs wander.
 */
export function planSharing(
  packs: readonly Pack[],
  self: ControllerId,
  members: readonly ControllerId[],
): Map<ControllerId, Ipv4[]> {
  const free = packs.filter(isFree);
  const own = free.filter(({ home }) => home === self);
  const inShares = free.filter(({ home }) => members.includes(home));
  const fair = Math.floor(inShares.length / members.length);
  const plan = new Map<ControllerId, Ipv4[]>();
  let surplus = own.length - fair;
  for (const id of members) {
    if (id === self || surplus <= 0) continue;
    const has = free.filter(({ home }) => home === id).length;
    if (has * 2 >= fair) continue;
    const gift = own.splice(-Math.min(fair - has, surplus));
    surplus -= gift.length;
    plan.set(
      id,
      gift.map(({ address }) => address),
    );
  }
  return plan;
}
