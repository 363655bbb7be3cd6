import { createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { hashPassword, isCheap, matchesHash, type StoredHash } from '../access/scrypt.ts';
import { MeshwrightError } from '../errors/catalogue.ts';
import type { Database } from '../store/database.ts';
import { Setting } from '../store/settings.ts';

/** Without 0, O, 1, l and I: a password that is read aloud or typed from a serial console. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const GENERATED_LENGTH = 20;

/**
 * The one password of the API. It rests as a scrypt hash. After the first success a keyed digest of the password
 * stays in memory, so that neither a right nor a wrong request pays for scrypt again.
 */
export class ApiPassword {
  readonly #stored: Setting<StoredHash>;
  readonly #initial: Setting<string>;
  readonly #db: Database;
  readonly #key = randomBytes(32);
  #known: Buffer | null = null;
  #generation = 0;
  #checking: Promise<unknown> = Promise.resolve();

  constructor(db: Database) {
    this.#db = db;
    this.#stored = new Setting(db, 'api.password', 'secret');
    this.#initial = new Setting(db, 'api.password.initial', 'secret');
  }

  /** Another number after each change. */
  get generation(): number {
    return this.#generation;
  }

  /** Makes a random password on the very first start. Call once before the API listens. */
  async ensure(): Promise<void> {
    if (!this.#stored.get()) await this.reset();
  }

  /** Sets a new random password, which `takeInitialPassword` then hands out once. */
  async reset(): Promise<void> {
    const password = Array.from(
      { length: GENERATED_LENGTH },
      () => ALPHABET[randomInt(ALPHABET.length)],
    ).join('');
    const store = await this.#prepare(password, password);
    store();
  }

  /** The generated password in plain text, the first time only. Null after that, or when an operator chose his own. */
  takeInitialPassword(): string | null {
    const password = this.#initial.get();
    this.#initial.clear();
    return password;
  }

  /** In force for the very next request; the old one is refused from here on. */
  async set(password: string): Promise<void> {
    const store = await this.prepare(password);
    store();
  }

  /** Does the slow part of a change; the returned function makes it, so that it can be part of a transaction. */
  async prepare(password: string, field = 'password'): Promise<() => void> {
    // ASCII only: clients differ in how they encode anything else in a Basic header.
    if (!/^[\x20-\x7e]{8,128}$/.test(password)) {
      throw new MeshwrightError('PASSWORD_INVALID', {
        field,
        why: 'it needs 8 to 128 characters: letters, digits, spaces and punctuation of ASCII',
      });
    }
    return this.#prepare(password, null);
  }

  async verify(password: string): Promise<boolean> {
    const digest = this.#digest(password);
    if (this.#known) return timingSafeEqual(this.#known, digest);
    // One scrypt at a time: a flood of guesses before the first login must not take the machine's cores.
    const check = this.#checking.then(() => this.#verifySlowly(password, digest));
    this.#checking = check.catch(() => {});
    return check;
  }

  async #verifySlowly(password: string, digest: Buffer): Promise<boolean> {
    if (this.#known) return timingSafeEqual(this.#known, digest);
    const stored = this.#stored.get();
    if (!stored) return false;
    const generation = this.#generation;
    const right = await matchesHash(password, stored);
    // The password was changed while this was computed: ask again, or the old one would be let in.
    if (generation !== this.#generation) return this.verify(password);
    if (!right) return false;
    this.#known = digest;
    if (!isCheap(stored)) return true;
    await this.#hashAnew(password, generation);
    return generation === this.#generation || this.verify(password);
  }

  /** Makes a hash of before as dear as new ones are, unless the password was changed meanwhile. */
  async #hashAnew(password: string, generation: number): Promise<void> {
    const stored = await hashPassword(password);
    if (generation === this.#generation) this.#db.unrecorded(() => this.#stored.set(stored));
  }

  async #prepare(password: string, showOnce: string | null): Promise<() => void> {
    const stored = await hashPassword(password);
    return () => {
      this.#db.transaction(() => {
        this.#stored.set(stored);
        if (showOnce === null) this.#initial.clear();
        else this.#initial.set(showOnce);
      });
      this.#generation++;
      this.#known = this.#digest(password);
    };
  }

  #digest(password: string): Buffer {
    return createHmac('sha256', this.#key).update(password).digest();
  }
}
