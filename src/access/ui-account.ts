import { MeshwrightError } from '../errors/catalogue.ts';
import type { Database } from '../store/database.ts';
import { Setting } from '../store/settings.ts';
import { parseUsername } from './names.ts';
import type { SetupCode } from './setup-code.ts';
import type { User, Users } from './users.ts';

export interface AccountChange {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly enabled?: boolean | undefined;
  /** Whether whoever logs in next has to choose a password of his own first. */
  readonly mustChange?: boolean | undefined;
}

interface Stored {
  readonly enabled: boolean;
  /** What the first user shall be called, while there is none. */
  readonly username?: string;
}

export const DEFAULT_USERNAME = 'vnscubed';

/** The console as a whole: open or closed, and its first user, whom the wire-compatible API knows as the only one. */
export class UiAccount {
  readonly #users: Users;
  readonly #code: SetupCode;
  readonly #stored: Setting<Stored>;

  constructor(db: Database, users: Users, code: SetupCode) {
    this.#users = users;
    this.#code = code;
    this.#stored = new Setting(db, 'ui.console');
  }

  get enabled(): boolean {
    return this.#stored.get()?.enabled ?? true;
  }

  get username(): string {
    return this.#first?.name ?? this.#stored.get()?.username ?? DEFAULT_USERNAME;
  }

  /** Nobody can log in yet. The last administrator cannot be removed, so this closes once and for ever. */
  get setupOpen(): boolean {
    return this.#first === null;
  }

  get #first(): User | null {
    return this.#users.list().find(({ hasPassword }) => hasPassword) ?? null;
  }

  /**
   * Creates the first user for the holder of the code. `also` happens with it or not at all. The code is looked at
   * again inside of the transaction, so of two who hold it only the first one wins.
   */
  async setUp(code: string, username: string, password: string, also: () => void): Promise<User> {
    this.checkCode(code);
    const fields = { name: 'username', password: 'password' };
    return this.#users.create({ name: username, password, role: 'admin' }, fields, () => {
      this.checkCode(code);
      this.#code.clear();
      also();
    });
  }

  checkCode(code: string): void {
    if (!this.setupOpen) throw new MeshwrightError('SETUP_CLOSED');
    if (!this.#code.matches(code)) throw new MeshwrightError('SETUP_CODE_WRONG', { field: 'code' });
  }

  /** A change by the API, which names the fields in its own way. Returns the user whose credentials changed. */
  async change(change: AccountChange): Promise<User | null> {
    const { username, password, enabled, mustChange } = change;
    const fields = { name: 'admin_username', password: 'admin_password' };
    const first = this.#first;
    let changed: User | null = null;
    if (first) {
      if (username !== undefined || password !== undefined || mustChange !== undefined) {
        changed = await this.#users.change(first.id, { name: username, password, mustChange }, fields);
      }
    } else if (password !== undefined) {
      const made = { name: username ?? this.username, password, role: 'admin', mustChange };
      changed = await this.#users.create(made, fields, () => this.#code.clear());
    } else if (username !== undefined) {
      this.#stored.set({ enabled: this.enabled, username: parseUsername(fields.name, username) });
    }
    if (enabled !== undefined) this.#stored.set({ ...this.#stored.get(), enabled });
    return changed;
  }
}
