import { invalid, MeshwrightError } from '../errors/catalogue.ts';
import type { Database } from '../store/database.ts';
import { checkLifetime, checkName, digestOf, type GrantRow, newSecret } from './grants.ts';
import type { Role } from './roles.ts';

export interface UrlRow extends GrantRow {
  readonly role: Role;
  /** `rs` for the console, `cp:<clientpack>` for one clientpack. */
  readonly access: string;
  readonly once: number;
}

export interface NewUrl {
  readonly name: string;
  /** Seconds. */
  readonly expires: number;
  readonly access: string;
  /** Whether the first visit is the last one. */
  readonly once: boolean;
  readonly role: Role;
  readonly userId: number | null;
  readonly source: string;
}

const LONGEST_S = 259_200;
const MAX_URLS = 1000;

/** URLs that let a visitor in without a password: to the console, or to one clientpack. */
export class AccessUrls {
  readonly #db: Database;
  readonly #now: () => number;

  constructor(db: Database, now: () => number = Date.now) {
    this.#db = db;
    this.#now = now;
  }

  list(): UrlRow[] {
    return this.#db.all<UrlRow>('SELECT * FROM access_url ORDER BY id');
  }

  find(id: number): UrlRow | null {
    return this.#db.get<UrlRow>('SELECT * FROM access_url WHERE id = ?', id) ?? null;
  }

  get(id: number): UrlRow {
    const row = this.find(id);
    if (!row) throw new MeshwrightError('ACCESS_URL_UNKNOWN');
    return row;
  }

  /** The URL whose secret this is, living or not. */
  ofSecret(secret: string): UrlRow {
    const row = this.#db.get<UrlRow>('SELECT * FROM access_url WHERE digest = ?', digestOf(secret));
    if (!row) throw new MeshwrightError('ACCESS_URL_UNKNOWN');
    return row;
  }

  isOver({ expires_at }: GrantRow): boolean {
    return this.#now() >= expires_at;
  }

  create(wanted: NewUrl): { row: UrlRow; secret: string } {
    const lifetime = checkLifetime(wanted.expires, LONGEST_S);
    const [name, access] = [checkName(wanted.name), parseAccess(wanted.access)];
    const { secret, digest, hint } = newSecret();
    const now = this.#now();
    return this.#db.transaction(() => {
      this.#db.run('DELETE FROM access_url WHERE expires_at < ?', now - 30 * 86_400_000);
      if (this.list().length >= MAX_URLS) throw new MeshwrightError('GRANTS_TOO_MANY', { limit: MAX_URLS });
      const { lastId } = this.#db.run(
        `INSERT INTO access_url (digest, hint, name, access, role, once, user_id, created_at, created_ip, expires_at, lifetime)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        digest,
        hint,
        name,
        access,
        wanted.role,
        Number(wanted.once),
        wanted.userId,
        now,
        wanted.source,
        now + lifetime * 1000,
        lifetime,
      );
      return { row: this.get(lastId), secret };
    });
  }

  setExpired(id: number, expired: boolean): UrlRow {
    const row = this.get(id);
    const now = this.#now();
    if (this.isOver(row) !== expired) {
      const until = expired ? now : now + row.lifetime * 1000;
      this.#db.run('UPDATE access_url SET expires_at = ? WHERE id = ?', until, id);
    }
    return this.get(id);
  }

  remove(id: number): void {
    this.get(id);
    this.#db.run('DELETE FROM access_url WHERE id = ?', id);
  }

  /**
   * The living URL with this secret, noted as used. One that is good once is used up in the same statement that
   * looks whether it is: of two visitors at the same time one gets in.
   */
  redeem(secret: string, source: string): UrlRow {
    const now = this.#now();
    const { changes } = this.#db.run(
      `UPDATE access_url SET last_accessed_at = ?, last_accessed_ip = ?
       WHERE digest = ? AND expires_at > ? AND (once = 0 OR last_accessed_at IS NULL)`,
      now,
      source,
      digestOf(secret),
      now,
    );
    if (changes !== 1) throw new MeshwrightError('ACCESS_URL_REFUSED');
    return this.ofSecret(secret);
  }
}

/** The clientpack that a URL is for; null when it opens the console. */
export const packOf = (row: { access: string }): string | null =>
  row.access.startsWith('cp:') ? row.access.slice(3) : null;

function parseAccess(text: string): string {
  if (text === 'rs' || /^cp:\d{1,3}(_\d{1,3}){3}$/.test(text)) return text;
  throw invalid('access', 'must be rs for the console, or cp: and the name of a clientpack');
}
