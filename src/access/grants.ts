import { createHash, randomBytes } from 'node:crypto';
import { invalid, MeshwrightError } from '../errors/catalogue.ts';

/** What tokens and access URLs have in common: a secret that is told once, and a life that is limited. */
export interface GrantRow {
  readonly id: number;
  readonly hint: string;
  readonly name: string;
  readonly role: string;
  readonly user_id: number | null;
  readonly created_at: number;
  readonly created_ip: string;
  readonly expires_at: number;
  readonly lifetime: number;
  readonly last_accessed_at: number | null;
  readonly last_accessed_ip: string | null;
}

/** Use is noted this often, because each note is a synced write. */
export const NOTE_MS = 60_000;
const MAX_NAME = 255;
const MIN_SECONDS = 60;

/** 256 random bits in hex. Nobody guesses them, so a plain digest of them is a safe thing to store. */
export function newSecret(): { secret: string; digest: string; hint: string } {
  const secret = randomBytes(32).toString('hex');
  return { secret, digest: digestOf(secret), hint: secret.slice(0, 6) };
}

export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** `1h`, `30m`, `90s`, `365d`: the longest unit in which it is a whole number. */
export function lifetimeText(seconds: number): string {
  for (const [unit, size] of [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
  ] as const) {
    if (seconds % size === 0) return `${seconds / size}${unit}`;
  }
  return `${seconds}s`;
}

export function checkLifetime(seconds: number, longest: number): number {
  if (!Number.isInteger(seconds) || seconds < MIN_SECONDS || seconds > longest) {
    const last = longest.toLocaleString('en-US');
    throw new MeshwrightError('EXPIRES_RANGE', { field: 'expires', last });
  }
  return seconds;
}

export function checkName(name: string): string {
  if (name.length > MAX_NAME) throw invalid('name', `must have at most ${MAX_NAME} characters`);
  if (/[\p{Cc}\u2028\u2029]/u.test(name))
    throw invalid('name', 'must not hold control characters or line breaks');
  return name;
}
