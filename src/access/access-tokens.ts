import { MeshwrightError } from '../errors/catalogue.ts';
import type { Database } from '../store/database.ts';
import { checkLifetime, checkName, digestOf, type GrantRow, NOTE_MS, newSecret } from './grants.ts';
import type { Role } from './roles.ts';

export interface TokenRow extends GrantRow {
  readonly role: Role;
  readonly refreshes: number;
}

export interface NewToken {
  readonly name: string;
  /** Seconds. */
  readonly expires: number;
  readonly refreshes: boolean;
  readonly role: Role;
  /** Its maker; the token ends with him, and never allows more than he may. */
  readonly userId: number | null;
  readonly source: string;
}

const LONGEST_S = 31_536_000;
const MAX_TOKENS = 1000;

/** Tokens for programs. The store holds digests: who reads it cannot use them, and the token is told only once. */
export class AccessTokens {
  readonly #db: Database;
  readonly #now: () => number;

  constructor(db: Database, now: () => number = Date.now) {
    this.#db = db;
    this.#now = now;
  }

  list(): TokenRow[] {
    return this.#db.all<TokenRow>('SELECT * FROM access_token ORDER BY id');
  }

  get(id: number): TokenRow {
    const row = this.#db.get<TokenRow>('SELECT * FROM access_token WHERE id = ?', id);
    if (!row) throw new MeshwrightError('TOKEN_UNKNOWN');
    return row;
  }

  /** Whether there is one of this number that is not over. */
  lives(id: number): boolean {
    const row = this.#db.get<TokenRow>('SELECT * FROM access_token WHERE id = ?', id);
    return row !== undefined && !this.isOver(row);
  }

  isOver({ expires_at }: GrantRow): boolean {
    return this.#now() >= expires_at;
  }

  create({ name, expires, refreshes, role, userId, source }: NewToken): { row: TokenRow; token: string } {
    const lifetime = checkLifetime(expires, LONGEST_S);
    const parsed = checkName(name);
    const { secret, digest, hint } = newSecret();
    const now = this.#now();
    return this.#db.transaction(() => {
      // Those that are over make room, oldest first; living ones never do.
      this.#db.run('DELETE FROM access_token WHERE expires_at < ?', now - 30 * 86_400_000);
      if (this.list().length >= MAX_TOKENS)
        throw new MeshwrightError('GRANTS_TOO_MANY', { limit: MAX_TOKENS });
      const { lastId } = this.#db.run(
        `INSERT INTO access_token (digest, hint, name, role, user_id, created_at, created_ip, expires_at, lifetime, refreshes)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        digest,
        hint,
        parsed,
        role,
        userId,
        now,
        source,
        now + lifetime * 1000,
        lifetime,
        Number(refreshes),
      );
      return { row: this.get(lastId), token: secret };
    });
  }

  /** Ends a token, or gives one that has ended a life as long as its first. */
  setExpired(id: number, expired: boolean): TokenRow {
    const row = this.get(id);
    const now = this.#now();
    if (this.isOver(row) !== expired) {
      const until = expired ? now : now + row.lifetime * 1000;
      this.#db.run('UPDATE access_token SET expires_at = ? WHERE id = ?', until, id);
    }
    return this.get(id);
  }

  remove(id: number): void {
    this.get(id);
    this.#db.run('DELETE FROM access_token WHERE id = ?', id);
  }

  /** The living token with this secret. Being looked up counts as use, and use extends one that refreshes. */
  use(secret: string, source: string): TokenRow | null {
    const row = this.#db.get<TokenRow>('SELECT * FROM access_token WHERE digest = ?', digestOf(secret));
    if (!row || this.isOver(row)) return null;
    const now = this.#now();
    // Use that is not noted extends nothing, which would matter to a short life.
    const due = Math.min(NOTE_MS, (row.lifetime * 1000) / 20);
    if (Math.abs(now - (row.last_accessed_at ?? 0)) >= due || row.last_accessed_ip !== source) {
      this.#db.run(
        'UPDATE access_token SET last_accessed_at = ?, last_accessed_ip = ?, expires_at = ? WHERE id = ?',
        now,
        source,
        row.refreshes ? now + row.lifetime * 1000 : row.expires_at,
        row.id,
      );
    }
    return row;
  }
}
