import { describe, expect, it } from 'vitest';
import { Database } from '../store/database.ts';
import { ExchangeAttempts } from './exchange-attempts.ts';

function attempts(db = new Database(':memory:')) {
  const clock = { now: 1_800_000_000_000 };
  return { db, clock, it: new ExchangeAttempts(db, () => clock.now) };
}

describe('wrong tokens', () => {
  it('delay their source more and more, and nobody else', () => {
    const { clock, it: counted } = attempts();
    const waits = Array.from({ length: 11 }, () => {
      counted.failed('192.0.2.7');
      return counted.waitSeconds('192.0.2.7');
    });
    expect(waits).toEqual([0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
    expect(counted.waitSeconds('192.0.2.8')).toBe(0);
    clock.now += 59_500;
    expect(counted.waitSeconds('192.0.2.7')).toBe(1);
    clock.now += 500;
    expect(counted.waitSeconds('192.0.2.7')).toBe(0);
    expect(counted.isSuspect('192.0.2.7')).toBe(true);
    counted.succeeded('192.0.2.7');
    expect(counted.isSuspect('192.0.2.7')).toBe(false);
  });

  it('are remembered over a restart and forgotten after a day', () => {
    const { db, clock, it: counted } = attempts();
    for (let i = 0; i < 5; i++) counted.failed('192.0.2.7');
    const restarted = new ExchangeAttempts(db, () => clock.now);
    expect(restarted.waitSeconds('192.0.2.7')).toBe(4);
    clock.now += 24 * 3600_000;
    expect(restarted.isSuspect('192.0.2.7')).toBe(false);
  });

  it('count a whole IPv6 network as one source, and IPv4 in either form', () => {
    const { it: counted } = attempts();
    for (let i = 0; i < 3; i++) counted.failed(`2001:db8::${i + 1}`);
    expect(counted.isSuspect('2001:db8:0:0:ffff::1')).toBe(true);
    expect(counted.isSuspect('2001:db8:0:1::1')).toBe(false);
    for (let i = 0; i < 3; i++) counted.failed('::ffff:192.0.2.9');
    expect(counted.isSuspect('192.0.2.9')).toBe(true);
  });

  it('slow everybody down a little when they come from everywhere', () => {
    const { clock, it: counted } = attempts();
    for (let i = 0; i < 60; i++) counted.failed(`198.51.100.${i}`);
    expect(counted.waitSeconds('203.0.113.1')).toBe(5);
    clock.now -= 7200_000;
    expect(counted.waitSeconds('203.0.113.1')).toBe(5);
    clock.now += 7205_000;
    expect(counted.waitSeconds('203.0.113.1')).toBe(0);
  });
});
