import { MeshwrightError } from '../errors/catalogue.ts';
import { acceptCode, type StoredTotp } from './totp.ts';
import type { Users } from './users.ts';

/** Wrong codes in a row that cost nothing: people mistype them. */
const FREE = 5;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 15 * 60_000;

/**
 * Takes codes of second factors, and slows down who has a password and guesses them. Of a million codes three are good
 * at any moment, so a guess a second would find one within days; in the end it is a guess in a quarter of an hour.
 * Recovery codes cannot be guessed and are never slowed down: with one the owner gets in whoever guesses meanwhile.
 */
export class SecondFactor {
  readonly #users: Users;
  readonly #now: () => number;
  readonly #wrong = new Map<number, { count: number; until: number }>();

  constructor(users: Users, now: () => number = Date.now) {
    this.#users = users;
    this.#now = now;
  }

  /** The state after a right code, which the caller stores; throws for a wrong one. */
  accept(userId: number, code: string): StoredTotp {
    // The state as it is now and not as it was before a password was checked: a code is good once.
    const stored = this.#users.byId(userId)?.totp;
    if (!stored) throw new MeshwrightError('SECOND_FACTOR_NONE');
    const now = this.#now();
    const isRecovery = !/^\s*(\d\s*){6}$/.test(code);
    const wrong = this.#wrong.get(userId) ?? { count: 0, until: 0 };
    if (!isRecovery && now < wrong.until)
      throw new MeshwrightError('TOO_MANY_ATTEMPTS', { seconds: Math.ceil((wrong.until - now) / 1000) });
    const accepted = acceptCode(stored, code, now);
    if (accepted) {
      this.#wrong.delete(userId);
      return accepted;
    }
    if (!isRecovery) this.#wrong.set(userId, later(wrong.count + 1, now));
    throw new MeshwrightError('SECOND_FACTOR_WRONG', { field: 'code' });
  }
}

function later(count: number, now: number): { count: number; until: number } {
  const wait = count < FREE ? 0 : FIRST_WAIT_MS * 2 ** Math.min(count - FREE, 10);
  return { count, until: now + Math.min(wait, LONGEST_WAIT_MS) };
}
