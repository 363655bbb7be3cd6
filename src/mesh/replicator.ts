import { every } from '../periodic.ts';
import type { MemberChannel } from './member-channel.ts';
import type { Records } from './records.ts';

/** Even without a change each pair compares its records this often. */
const ANTI_ENTROPY_MS = 30_000;
/** A failed exchange is tried again after this, and each time after twice as long. */
const RETRY_MS = 500;
/** Changes within this time go out together. */
const COALESCE_MS = 50;

/** Keeps our records and everybody else's the same: at once after a change, and again when a member comes back. */
export class Replicator {
  readonly #channel: MemberChannel;
  readonly #members: () => { id: number; overlayAddress: string }[];
  readonly #busy = new Set<number>();
  readonly #again = new Set<number>();
  readonly #retries = new Map<number, NodeJS.Timeout>();
  #timer: NodeJS.Timeout | null = null;
  #pending: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(
    channel: MemberChannel,
    records: Records,
    members: () => { id: number; overlayAddress: string }[],
  ) {
    this.#channel = channel;
    this.#members = members;
    records.onChange(() => {
      if (this.#stopped) return;
      this.#pending ??= setTimeout(() => {
        this.#pending = null;
        this.syncAll();
      }, COALESCE_MS);
    });
  }

  start(): void {
    this.#channel.start();
    this.#timer = every(ANTI_ENTROPY_MS, 'comparing records', () => {
      for (const { id } of this.#members()) this.#begin(id, true);
    });
    this.syncAll();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearInterval(this.#timer);
    if (this.#pending) clearTimeout(this.#pending);
    for (const timer of this.#retries.values()) clearTimeout(timer);
    this.#channel.stop();
  }

  syncAll(): void {
    for (const { id } of this.#members()) this.sync(id);
  }

  /** One full exchange that begins now; rejects when the member does not answer. */
  async meet(id: number): Promise<void> {
    const member = this.#members().find((entry) => entry.id === id);
    if (member) await this.#channel.syncWith(id, member.overlayAddress);
  }

  /** Starts an exchange with one member, and repeats it until it succeeds. Calls during one lead to one more. */
  sync(id: number): void {
    this.#begin(id, false);
  }

  #begin(id: number, isRoutine: boolean): void {
    clearTimeout(this.#retries.get(id));
    this.#exchange(id, RETRY_MS, isRoutine);
  }

  #exchange(id: number, retryMs: number, isRoutine = false): void {
    const member = this.#members().find((entry) => entry.id === id);
    if (!member || this.#stopped) return;
    if (this.#busy.has(id)) {
      this.#again.add(id);
      return;
    }
    this.#busy.add(id);
    this.#channel
      .syncWith(id, member.overlayAddress, isRoutine)
      .catch(() => this.#retryLater(id, retryMs))
      .finally(() => {
        this.#busy.delete(id);
        if (this.#again.delete(id)) this.sync(id);
      });
  }

  /** Ever less often for a member that is away, until the next comparison of all, which begins anew. */
  #retryLater(id: number, afterMs: number): void {
    if (this.#stopped || afterMs >= ANTI_ENTROPY_MS) return;
    this.#retries.set(
      id,
      setTimeout(() => this.#exchange(id, afterMs * 2), afterMs),
    );
  }
}
