import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import type { Database } from '../store/database.ts';
import { Setting } from '../store/settings.ts';

/** Without characters that are mistaken for each other: the code is read from one screen and typed on another. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const GROUPS = 4;
const GROUP_LENGTH = 4;

/**
 * The code that proves who may set up the console: whoever can read it is root on the machine. It rests in plain
 * text, because it has to be shown again after a restart, and it is gone with the set-up.
 */
export class SetupCode {
  readonly #stored: Setting<string>;

  constructor(db: Database) {
    this.#stored = new Setting(db, 'ui.setup_code', 'secret');
  }

  /** The code; made when it is asked for the first time. Call it only while set-up is open. */
  current(): string {
    const known = this.#stored.get();
    if (known) return known;
    const group = () =>
      Array.from({ length: GROUP_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
    const made = Array.from({ length: GROUPS }, group).join('-');
    this.#stored.set(made);
    return made;
  }

  /** Dashes, blanks and capitals do not matter, because people type it. */
  matches(code: string): boolean {
    const known = this.#stored.get();
    return known !== null && timingSafeEqual(digest(known), digest(code));
  }

  clear(): void {
    this.#stored.clear();
  }
}

function digest(code: string): Buffer {
  return createHash('sha256').update(code.toLowerCase().replaceAll(/[\s-]/g, '')).digest();
}
