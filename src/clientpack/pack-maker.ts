import { setTimeout as pause } from 'node:timers/promises';
import { generateClients } from '../keyset/generate.ts';
import type { MemberLine } from '../mesh/member-line.ts';
import type { Records } from '../mesh/records.ts';
import type { Ipv4 } from '../net/ipv4.ts';
import type { Pack } from './pack.ts';
import type { PackBook } from './pack-book.ts';

const POLL_MS = 50;
/** More generations of one pack than that are never there at once. */
const OLD_ONES = 100;

/**
 * Makes credentials that did not come with the keyset. Those of a new pack come from its home alone: a certificate
 * that two controllers signed would have two texts. New ones for an old pack may come from anywhere, because whoever
 * has to lock out a stolen pack cannot wait for a controller that is away; the highest generation wins everywhere.
 */
export class PackMaker {
  readonly #book: PackBook;
  readonly #records: Records;
  readonly #line: Pick<MemberLine, 'self'>;
  readonly #generate: typeof generateClients;
  #busy = false;

  constructor(book: PackBook, line: Pick<MemberLine, 'self'>, generate = generateClients) {
    this.#book = book;
    this.#records = book.parts.records;
    this.#line = line;
    this.#generate = generate;
  }

  start(): void {
    this.#records.onChange(() => void this.fill());
    void this.fill();
  }

  /** Makes what our packs lack. Called after every change of licence, keyset or records. */
  async fill(): Promise<void> {
    const keyset = this.#book.parts.keyset();
    const missing = this.#missing();
    if (!keyset || missing.length === 0 || this.#busy) return;
    this.#busy = true;
    try {
      const made = await this.#generate(keyset, missing);
      // What arrived from elsewhere meanwhile (a takeover that was none) is not replaced.
      const wanted = new Set<string>(this.#missing());
      this.#records.together(() => {
        for (const material of made) {
          if (wanted.has(material.address))
            this.#records.put('packCredentials', `${material.address} 0`, { generation: 0, material });
        }
      });
    } catch (error) {
      console.error('clientpack credentials:', error);
      return;
    } finally {
      this.#busy = false;
    }
    await this.fill();
  }

  /** Resolves when these packs have credentials, whoever makes them. */
  async whenMade(addresses: readonly Ipv4[], withinMs: number): Promise<void> {
    const deadline = Date.now() + withinMs;
    await this.fill();
    while (addresses.some((address) => !this.#book.find(address)?.material)) {
      if (Date.now() > deadline) throw new Error(`no credentials within ${withinMs / 1000} s`);
      await pause(POLL_MS);
    }
  }

  /** New credentials for a pack; the old ones are refused wherever the record arrives. */
  async renew({ address, generation }: Pack): Promise<void> {
    const keyset = this.#book.parts.keyset();
    if (!keyset) throw new Error('the keyset is gone');
    const [material] = await this.#generate(keyset, [address]);
    const next = Math.max(generation, this.#book.find(address)?.generation ?? 0) + 1;
    this.#records.together(() => {
      this.#records.put('packCredentials', `${address} ${next}`, { generation: next, material: material! });
      for (let old = Math.max(0, next - OLD_ONES); old < next; old++)
        this.#records.remove('packCredentials', `${address} ${old}`);
    });
  }

  #missing(): Ipv4[] {
    const self = this.#line.self();
    return this.#book
      .packs()
      .filter(({ home, material }) => home === self && material === null)
      .map(({ address }) => address);
  }
}
