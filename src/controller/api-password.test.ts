import { expect, it } from 'vitest';
import { Database } from '../store/database.ts';
import { ApiPassword } from './api-password.ts';

const fresh = async () => {
  const db = new Database(':memory:');
  const password = new ApiPassword(db);
  await password.ensure();
  return { db, password };
};

it('is random at first start and is shown once', async () => {
  const { db, password } = await fresh();
  const afterRestart = new ApiPassword(db);
  await afterRestart.ensure();
  const plain = afterRestart.takeInitialPassword();
  expect(plain).toMatch(/^[A-Za-z2-9]{20}$/);
  expect(afterRestart.takeInitialPassword()).toBeNull();
  expect(await afterRestart.verify(plain!)).toBe(true);
  expect(await password.verify(`${plain}x`)).toBe(false);
});

it('changes at once, for cached and uncached checks, and over a restart', async () => {
  const { db, password } = await fresh();
  const old = password.takeInitialPassword()!;
  expect(await password.verify(old)).toBe(true);
  await password.set('correct horse: "battery" \\ staple');
  expect(await password.verify(old)).toBe(false);
  expect(await password.verify('correct horse: "battery" \\ staple')).toBe(true);
  const restarted = new ApiPassword(db);
  expect(await restarted.verify(old)).toBe(false);
  expect(await restarted.verify('correct horse: "battery" \\ staple')).toBe(true);
});

it('refuses the old password even when its check began before the change ended', async () => {
  const { db, password } = await fresh();
  const old = password.takeInitialPassword()!;
  const restarted = new ApiPassword(db);
  const [, verdict] = await Promise.all([restarted.set('a new password'), restarted.verify(old)]);
  expect([verdict, await restarted.verify(old)]).toContain(false);
  expect(await restarted.verify(old)).toBe(false);
});

it('checks the second time without scrypt', async () => {
  const { db, password } = await fresh();
  const plain = password.takeInitialPassword()!;
  const restarted = new ApiPassword(db);
  await restarted.verify(plain);
  const start = performance.now();
  for (let i = 0; i < 100; i++) {
    expect(await restarted.verify(plain)).toBe(true);
    expect(await restarted.verify(`wrong${i}`)).toBe(false);
  }
  expect(performance.now() - start).toBeLessThan(1500);
});

it.each(['', 'short12', 'x'.repeat(129), 'line\nbreak', 'tab\ttab1', 'pässwörter'])(
  'refuses %j',
  async (bad) => {
    const { password } = await fresh();
    await expect(password.set(bad)).rejects.toThrow('Invalid password');
  },
);

it('an own password is never shown, a reset one is', async () => {
  const { password } = await fresh();
  await password.set('an own password');
  expect(password.takeInitialPassword()).toBeNull();
  await password.reset();
  const plain = password.takeInitialPassword();
  expect(await password.verify(plain!)).toBe(true);
  expect(await password.verify('an own password')).toBe(false);
});
