import { vi } from 'vitest';

/**
 * Hashing a password is dear by design, and unit tests hash the same few thousands of times: each one is hashed and
 * compared once a file. `src/access/scrypt.test.ts` and the hostile tests have the real thing.
 */
vi.mock('../../src/access/scrypt.ts', async (original) => {
  const real = await original<typeof import('../../src/access/scrypt.ts')>();
  const hashes = new Map<string, ReturnType<typeof real.hashPassword>>();
  const verdicts = new Map<string, Promise<boolean>>();
  const once = <T>(known: Map<string, T>, key: string, make: () => T): T => {
    const value = known.get(key) ?? make();
    known.set(key, value);
    return value;
  };
  return {
    ...real,
    hashPassword: (password: string) => once(hashes, password, () => real.hashPassword(password)),
    matchesHash: (password: string, stored: Parameters<typeof real.matchesHash>[1]) =>
      once(verdicts, JSON.stringify([password, stored]), () => real.matchesHash(password, stored)),
  };
});
