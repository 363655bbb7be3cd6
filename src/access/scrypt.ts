import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** A password at rest. The cost travels along, so that it can be raised without locking anybody out. */
export interface StoredHash {
  readonly salt: string;
  readonly hash: string;
  readonly cost: number;
}

/** 16 MiB and about 40 ms: dear for a thief of the file, bearable at a login. */
const COST = 16_384;

export async function hashPassword(password: string): Promise<StoredHash> {
  const salt = randomBytes(16).toString('base64');
  return { salt, hash: (await derive(password, salt, COST)).toString('base64'), cost: COST };
}

export async function matchesHash(password: string, { salt, hash, cost }: StoredHash): Promise<boolean> {
  return timingSafeEqual(await derive(password, salt, cost), Buffer.from(hash, 'base64'));
}

function derive(password: string, salt: string, cost: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(
      password,
      Buffer.from(salt, 'base64'),
      32,
      { N: cost, r: 8, p: 1, maxmem: 64 << 20 },
      (error, key) => (error ? reject(error) : resolve(key)),
    );
  });
}
