import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** A password at rest. What it cost travels along, so that more can be asked for without locking anybody out. */
export interface StoredHash {
  readonly salt: string;
  readonly hash: string;
  readonly cost: number;
  /** Absent in hashes of the first versions, which did it once. */
  readonly parallel?: number;
}

/**
 * One of the settings that OWASP's Password Storage Cheat Sheet calls equal (2026: 2^17 once, 2^16 twice, 2^15 three
 * times): 32 MiB and about 0.2 s, dear for a thief of the file and bearable at a login on a small machine.
 */
const COST = 2 ** 15;
const PARALLEL = 3;
const BLOCK = 8;

/** Compared with when there is nobody, so that this answer takes as long as any other. */
export const NOBODY: StoredHash = {
  salt: 'AAAAAAAAAAAAAAAAAAAAAA==',
  hash: 'A'.repeat(43).concat('='),
  cost: COST,
  parallel: PARALLEL,
};

export async function hashPassword(password: string): Promise<StoredHash> {
  const wanted = { salt: randomBytes(16).toString('base64'), cost: COST, parallel: PARALLEL };
  return { ...wanted, hash: (await derive(password, wanted)).toString('base64') };
}

export async function matchesHash(password: string, stored: StoredHash): Promise<boolean> {
  return timingSafeEqual(await derive(password, stored), Buffer.from(stored.hash, 'base64'));
}

/** Whether a hash was made when less was asked for, and should be made anew while the password is at hand. */
export function isCheap({ cost, parallel = 1 }: StoredHash): boolean {
  return cost * parallel < COST * PARALLEL;
}

function derive(password: string, { salt, cost, parallel = 1 }: Omit<StoredHash, 'hash'>): Promise<Buffer> {
  const settings = { N: cost, r: BLOCK, p: parallel, maxmem: 2 * 128 * BLOCK * cost };
  return new Promise((resolve, reject) => {
    scrypt(password, Buffer.from(salt, 'base64'), 32, settings, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
