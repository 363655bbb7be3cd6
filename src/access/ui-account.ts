import { invalid, MeshwrightError } from '../errors/catalogue.ts';
import type { Database } from '../store/database.ts';
import { Setting } from '../store/settings.ts';
import { hashPassword, matchesHash, type StoredHash } from './scrypt.ts';
import type { SetupCode } from './setup-code.ts';

interface StoredAccount {
  readonly username: string;
  /** Null until the console was set up. It never becomes null again, which is what closes set-up for ever. */
  readonly hash: StoredHash | null;
  readonly mustChange: boolean;
  readonly enabled: boolean;
}

export interface AccountChange {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly enabled?: boolean | undefined;
  /** Whether whoever logs in next has to choose a password of his own first. */
  readonly mustChange?: boolean | undefined;
}

export const DEFAULT_USERNAME = 'vnscubed';
const FRESH: StoredAccount = { username: DEFAULT_USERNAME, hash: null, mustChange: false, enabled: true };
/** Compared with when there is no account, so that this answer takes as long as any other. */
const NOBODY: StoredHash = {
  salt: 'AAAAAAAAAAAAAAAAAAAAAA==',
  hash: 'A'.repeat(43).concat('='),
  cost: 16_384,
};
const MAX_WAITING = 16;

/** The one user of the console. It has nothing to do with the API's password, which may be in many scripts. */
export class UiAccount {
  readonly #db: Database;
  readonly #stored: Setting<StoredAccount>;
  readonly #code: SetupCode;
  #checking: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(db: Database, code: SetupCode) {
    this.#db = db;
    this.#code = code;
    this.#stored = new Setting(db, 'ui.account', 'secret');
  }

  get username(): string {
    return this.#account.username;
  }

  get enabled(): boolean {
    return this.#account.enabled;
  }

  get mustChange(): boolean {
    return this.#account.mustChange;
  }

  get setupOpen(): boolean {
    return this.#account.hash === null;
  }

  get #account(): StoredAccount {
    return this.#stored.get() ?? FRESH;
  }

  /**
   * Creates the account for the holder of the code. `also` happens with it or not at all. The code is looked at
   * again inside of the transaction, so of two who hold it only the first one wins.
   */
  async setUp(code: string, username: string, password: string, also: () => void): Promise<void> {
    this.checkCode(code);
    const next = { username: parseUsername('username', username), hash: await hash('password', password) };
    this.#db.transaction(() => {
      this.checkCode(code);
      this.#stored.set({ ...this.#account, ...next, mustChange: false });
      this.#code.clear();
      also();
    });
  }

  checkCode(code: string): void {
    if (!this.setupOpen) throw new MeshwrightError('SETUP_CLOSED');
    if (!this.#code.matches(code)) throw new MeshwrightError('SETUP_CODE_WRONG', { field: 'code' });
  }

  /** A change by somebody who may. The fields are named in errors as the caller's request names them. */
  async change(change: AccountChange, fields: { username: string; password: string }): Promise<void> {
    const { username, password, enabled, mustChange } = change;
    const next = {
      ...(username !== undefined && { username: parseUsername(fields.username, username) }),
      ...(password !== undefined && { hash: await hash(fields.password, password), mustChange: false }),
      ...(mustChange !== undefined && { mustChange }),
      ...(enabled !== undefined && { enabled }),
    };
    this.#db.transaction(() => {
      this.#stored.set({ ...this.#account, ...next });
      if (!this.setupOpen) this.#code.clear();
    });
  }

  /** One check at a time: a flood of guesses must not take the machine's cores. */
  async verify(username: string, password: string): Promise<boolean> {
    if (this.#waiting >= MAX_WAITING) throw new MeshwrightError('TOO_MANY_ATTEMPTS', { seconds: 1 });
    this.#waiting++;
    const check = this.#checking.then(() => this.#verify(username, password));
    this.#checking = check.catch(() => {});
    return check.finally(() => this.#waiting--);
  }

  async #verify(username: string, password: string): Promise<boolean> {
    const hashed = this.#account.hash;
    const right = await matchesHash(password.normalize('NFC'), hashed ?? NOBODY);
    // Read again: the account may have been changed while this was computed, and then the old password is over.
    const { hash: after, username: name } = this.#account;
    return right && hashed !== null && after?.salt === hashed.salt && name === username;
  }
}

function parseUsername(field: string, text: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/.test(text)) {
    throw invalid(
      field,
      'must be 1 to 64 letters, digits, dots, dashes, underscores or @, a letter or digit first',
    );
  }
  return text;
}

async function hash(field: string, password: string): Promise<StoredHash> {
  const normal = password.normalize('NFC');
  if (normal.length < 8 || normal.length > 128 || /\p{Cc}/u.test(normal)) {
    throw new MeshwrightError('PASSWORD_INVALID', { field, why: 'it needs 8 to 128 printable characters' });
  }
  return hashPassword(normal);
}
