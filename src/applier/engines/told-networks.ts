import { readFileSync, writeFileSync } from 'node:fs';
import { type Cidr, parseCidr } from '../../net/ipv4.ts';

/** For how long clients are still told of a network that the mesh has lost, in ms. */
export const REMEMBERED_MS = 60 * 60_000;

/**
 * What OpenVPN clients are told of the networks behind the mesh. OpenVPN tells them when they connect and not again, so
 * whoever connects while a site is unreachable, or before this controller has learnt any route after a start, would lack it
 * for as long as the session lives. Therefore a lost network is told for an hour more, and the list outlives a restart.
 */
export class ToldNetworks {
  readonly #path: string;
  readonly #now: () => number;
  /** When each was seen last, in ms since some beginning. */
  readonly #seen = new Map<Cidr, number>();

  constructor(path: string, now: () => number = () => performance.now()) {
    this.#path = path;
    this.#now = now;
    // How long the machine was off says nothing about the networks, so their hour begins now.
    for (const cidr of read(path)) this.#seen.set(cidr, now());
  }

  get list(): readonly Cidr[] {
    return [...this.#seen.keys()].sort();
  }

  /** Takes what the mesh knows now; true when clients have to be told something else than before. */
  update(known: readonly Cidr[]): boolean {
    const before = this.list.join();
    const now = this.#now();
    for (const cidr of known) this.#seen.set(cidr, now);
    for (const [cidr, at] of this.#seen) if (now - at > REMEMBERED_MS) this.#seen.delete(cidr);
    if (this.list.join() === before) return false;
    this.#save();
    return true;
  }

  forget(): void {
    if (this.#seen.size === 0) return;
    this.#seen.clear();
    this.#save();
  }

  /** A memory that cannot be written must not stop a change: it is rebuilt from the routes. */
  #save(): void {
    try {
      writeFileSync(this.#path, this.list.map((cidr) => `${cidr}\n`).join(''), { mode: 0o600 });
    } catch (error) {
      console.error(`networks told to clients are not saved: ${String(error)}`);
    }
  }
}

function read(path: string): Cidr[] {
  try {
    const lines = readFileSync(path, 'utf8').split('\n');
    return lines.flatMap((line) => parseCidr(line) ?? []);
  } catch {
    return [];
  }
}
