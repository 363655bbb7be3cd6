import type { Database } from '../store/database.ts';

/**
 * Keeps secrets out of what leaves the machine. What is collected has none by design; this is the net below it, for
 * the day on which one ends up in an error text.
 */
const REMOVED = '[removed]';
/** Shapes of secrets that are derived and stored nowhere: WireGuard keys, private keys in PEM form, join codes. */
const SHAPES =
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)|(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{43}=|mwjoin1\.[\w.-]+/g;
/** The text without what looks like key material, whoever it belongs to. */
export const withoutKeys = (text: string): string => text.replace(SHAPES, REMOVED);

/** A run of characters that a stored secret may consist of. Addresses and names are shorter or broken by dots. */
const RUN = /[A-Za-z0-9+/_-]{16,}={0,2}/g;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const MIN_LENGTH = 8;
/** Large, and made of long runs only. */
const BULK = new Set(['keyset']);

export class Redactor {
  readonly #runs = new Set<string>();
  readonly #texts: string[] = [];

  constructor(db: Database) {
    for (const { key, value } of db.all<{ key: string; value: string }>('SELECT key, value FROM secret')) {
      for (const text of leaves(JSON.parse(value))) {
        for (const [run] of text.matchAll(RUN)) if (!UUID.test(run)) this.#runs.add(run);
        if (!BULK.has(key) && text.length >= MIN_LENGTH && !UUID.test(text)) this.#texts.push(text);
      }
    }
  }

  /** A copy of a JSON value in which every text is clean. */
  clean(value: unknown): unknown {
    if (typeof value === 'string') return this.#text(value);
    if (Array.isArray(value)) return value.map((item) => this.clean(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [this.#text(key), this.clean(member)]),
    );
  }

  #text(text: string): string {
    let clean = text.replace(SHAPES, REMOVED).replace(RUN, (run) => (this.#runs.has(run) ? REMOVED : run));
    for (const secret of this.#texts) clean = clean.replaceAll(secret, REMOVED);
    return clean;
  }
}

function leaves(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [];
}
