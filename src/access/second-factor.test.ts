import { TOTP } from 'otpauth';
import { beforeEach, expect, it } from 'vitest';
import { Database } from '../store/database.ts';
import { SecondFactor } from './second-factor.ts';
import { newRecoveryCodes, newTotp } from './totp.ts';
import { Users } from './users.ts';

let now: number;
let users: Users;
let factor: SecondFactor;
let id: number;
const { codes, digests } = newRecoveryCodes();
const secret = newTotp().secret;
const code = () => new TOTP({ secret }).generate({ timestamp: now });
/** None of those that are good now. */
const wrong = () => {
  const good = [-1, 0, 1].map((step) => new TOTP({ secret }).generate({ timestamp: now + step * 30_000 }));
  return ['111111', '222222', '333333', '444444'].find((one) => !good.includes(one))!;
};
const attempt = (text: string) => {
  try {
    users.setTotp(id, factor.accept(id, text));
    return 'taken';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

beforeEach(async () => {
  now = Date.parse('2026-06-01T12:00:00Z');
  users = new Users(new Database(':memory:'));
  ({ id } = await users.create({ name: 'anna', password: 'a password', role: 'admin' }));
  users.setTotp(id, { secret, confirmed: true, lastStep: 0, recovery: digests });
  factor = new SecondFactor(users, () => now);
});

it('takes a right code once, and forgives some that were mistyped', () => {
  for (let at = 0; at < 4; at++) expect(attempt(wrong())).toBe('SECOND_FACTOR_WRONG');
  expect(attempt(code())).toBe('taken');
  expect(attempt(code())).toBe('SECOND_FACTOR_WRONG');
  now += 30_000;
  expect(attempt(code())).toBe('taken');
});

it('has fewer than a hundred guesses a day for who goes on and on', () => {
  let looked = 0;
  for (const end = now + 24 * 3600_000; now < end; now += 15_000)
    if (attempt(wrong()) === 'SECOND_FACTOR_WRONG') looked++;
  expect(looked).toBeGreaterThan(90);
  expect(looked).toBeLessThan(110);
});

it('does not even look at a right code before the time is over', () => {
  for (let at = 0; at < 5; at++) attempt(wrong());
  expect(attempt(code())).toBe('TOO_MANY_ATTEMPTS');
  now += 30_000;
  expect(attempt(code())).toBe('taken');
});

it('lets the owner in with a recovery code whoever guesses meanwhile', () => {
  for (let at = 0; at < 8; at++) attempt(wrong());
  expect(attempt(wrong())).toBe('TOO_MANY_ATTEMPTS');
  expect(attempt(codes[0]!)).toBe('taken');
  expect(attempt(codes[0]!)).toBe('SECOND_FACTOR_WRONG');
  expect(attempt(code())).toBe('taken');
});

it('counts for each user by himself', async () => {
  const other = await users.create({ name: 'bob', password: 'a password', role: 'viewer' });
  users.setTotp(other.id, { secret, confirmed: true, lastStep: 0, recovery: [] });
  for (let at = 0; at < 8; at++) attempt(wrong());
  expect(factor.accept(other.id, code())).toMatchObject({ confirmed: true });
});
