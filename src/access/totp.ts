import { createHash, randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';

/** A second factor at rest. Recovery codes are 80 random bits each, so a plain digest of one cannot be guessed back. */
export interface StoredTotp {
  readonly secret: string;
  /** False until its owner has shown that his app makes the right codes. */
  readonly confirmed: boolean;
  /** The step of the last code that was taken: each code is good once. */
  readonly lastStep: number;
  readonly recovery: readonly string[];
}

const PERIOD_S = 30;
/** One step either way, for phones whose clock is off and for people who type slowly. */
const WINDOW = 1;
const RECOVERY_CODES = 10;

export function newTotp(): StoredTotp {
  return { secret: new Secret({ size: 20 }).base32, confirmed: false, lastStep: 0, recovery: [] };
}

/** What an authenticator app reads from a QR code. */
export function totpUri({ secret }: StoredTotp, user: string, issuer: string): string {
  return totp(secret, user, issuer).toString();
}

/** The state after a right code; null for a wrong one or one that was used before. */
export function acceptCode(stored: StoredTotp, code: string, now: number): StoredTotp | null {
  const digits = code.replaceAll(/\s/g, '');
  if (/^\d{6}$/.test(digits)) {
    const delta = totp(stored.secret).validate({ token: digits, timestamp: now, window: WINDOW });
    const step = delta === null ? 0 : Math.floor(now / 1000 / PERIOD_S) + delta;
    return step > stored.lastStep ? { ...stored, lastStep: step } : null;
  }
  const digest = recoveryDigest(code);
  if (!stored.confirmed || !stored.recovery.includes(digest)) return null;
  return { ...stored, recovery: stored.recovery.filter((one) => one !== digest) };
}

/** Codes for the day on which the phone is gone, in plain text for the owner and as digests for the store. */
export function newRecoveryCodes(): { codes: string[]; digests: string[] } {
  const codes = Array.from({ length: RECOVERY_CODES }, () =>
    randomBytes(10)
      .toString('hex')
      .replaceAll(/(.{5})(?=.)/g, '$1-'),
  );
  return { codes, digests: codes.map(recoveryDigest) };
}

function recoveryDigest(code: string): string {
  return createHash('sha256').update(code.toLowerCase().replaceAll(/[\s-]/g, '')).digest('hex');
}

function totp(secret: string, label = 'user', issuer = 'Meshwright'): TOTP {
  return new TOTP({ secret, label, issuer, algorithm: 'SHA1', digits: 6, period: PERIOD_S });
}
