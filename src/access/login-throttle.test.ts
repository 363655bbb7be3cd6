import { expect, it } from 'vitest';
import { LoginThrottle } from './login-throttle.ts';

function setUp() {
  let now = 0;
  const waits: number[] = [];
  const throttle = new LoginThrottle(
    () => now,
    async (ms) => void waits.push(ms),
  );
  return { throttle, waits, advance: (ms: number) => (now += ms) };
}

it('does not bother anyone for a few typing errors', async () => {
  const { throttle, waits } = setUp();
  for (let i = 0; i < 10; i++) {
    await throttle.admit('192.0.2.1');
    throttle.failed('192.0.2.1');
  }
  expect(waits).toEqual([]);
});

it('spaces further attempts and refuses a crowd, for this source alone', async () => {
  const { throttle, waits, advance } = setUp();
  for (let i = 0; i < 10; i++) throttle.failed('::ffff:192.0.2.1');
  for (let i = 0; i < 4; i++) await throttle.admit('192.0.2.1');
  expect(waits).toEqual([1000, 2000, 3000, 4000]);
  await expect(throttle.admit('192.0.2.1')).rejects.toThrow(/Try again in 5 s/);
  await throttle.admit('192.0.2.2');
  expect(waits).toHaveLength(4);
  advance(5000);
  await throttle.admit('192.0.2.1');
  expect(waits).toHaveLength(4);
});

it('forgets after a success or a quiet minute', async () => {
  const { throttle, waits, advance } = setUp();
  for (let i = 0; i < 30; i++) throttle.failed('192.0.2.1');
  throttle.succeeded('192.0.2.1');
  await throttle.admit('192.0.2.1');
  for (let i = 0; i < 30; i++) throttle.failed('192.0.2.1');
  advance(60_001);
  await throttle.admit('192.0.2.1');
  expect(waits).toEqual([]);
});

it('takes an IPv6 /64 as one source', async () => {
  const { throttle, waits } = setUp();
  for (let i = 0; i < 12; i++) throttle.failed(`2001:db8:0:1::${i}`);
  await throttle.admit('2001:db8:0:1:ffff::9');
  expect(waits).toEqual([1000]);
  await throttle.admit('2001:db8:0:2::1');
  expect(waits).toHaveLength(1);
});

it('slows down guesses at one account from many addresses, and not its owner where he logged in before', async () => {
  const { throttle, waits } = setUp();
  throttle.succeeded('198.51.100.7', 'anna');
  for (let i = 0; i < 50; i++) throttle.failed(`192.0.2.${i}`, i % 2 ? 'Anna' : 'ANNA');
  for (let i = 0; i < 4; i++) await throttle.admit(`203.0.113.${i}`, 'anna');
  expect(waits).toEqual([1000, 2000, 3000, 4000]);
  await expect(throttle.admit('203.0.113.9', 'anna')).rejects.toThrow(/Try again in 5 s/);
  await throttle.admit('198.51.100.7', 'anna');
  await throttle.admit('203.0.113.9', 'bert');
  expect(waits).toHaveLength(4);
});

it('keeps its memory bounded', () => {
  const { throttle } = setUp();
  for (let i = 0; i < 12_000; i++) throttle.failed(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);
});
