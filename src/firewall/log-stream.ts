import type { LoggedPacket } from '../desired/firewall.ts';

/** A packet that met a rule with the target LOG. */
export interface LogLine extends LoggedPacket {
  /** Unix milliseconds. */
  readonly at: number;
}

/** What a page that is just opened sees of the past. */
const KEEP = 200;

/** The latest packets that were logged, and whoever follows them. Kept in memory: a log is no intent. */
export class LogStream {
  readonly #lines: LogLine[] = [];
  readonly #listeners = new Set<(line: LogLine) => void>();

  add(at: number, packet: LoggedPacket): void {
    const line = { at, ...packet };
    this.#lines.push(line);
    if (this.#lines.length > KEEP) this.#lines.shift();
    for (const listener of this.#listeners) listener(line);
  }

  recent(): readonly LogLine[] {
    return this.#lines;
  }

  /** Returns the function that ends the subscription. */
  subscribe(listener: (line: LogLine) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
