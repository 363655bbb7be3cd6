import { describe, expect, it } from 'vitest';
import { type ClientBfd, chooseClientBfd, initialClientBfd } from './client-bfd.ts';

/** What comes of a machine that is that idle for so long, looked at every five seconds. */
function later(seconds: number, cpuIdle: number, from: { choice: ClientBfd; now: number }) {
  let { choice, now } = from;
  for (const end = now + seconds * 1000; now < end; ) {
    now += 5000;
    choice = chooseClientBfd(choice, cpuIdle, now);
  }
  return { choice, now };
}
const begin = { choice: initialClientBfd(0), now: 0 };

describe('detection of HA clients', () => {
  it('is quick on a machine that has time', () => {
    expect(later(600, 0.8, begin).choice.intervalMs).toBe(15);
  });

  it('gets slower with each look at a machine that is short of CPU, and not slower than 100 ms', () => {
    expect(later(5, 0.1, begin).choice.intervalMs).toBe(50);
    expect(later(10, 0.1, begin).choice.intervalMs).toBe(100);
    expect(later(600, 0.1, begin).choice.intervalMs).toBe(100);
  });

  it('stays as it is on one that is neither busy nor idle', () => {
    const slow = later(5, 0.1, begin);
    expect(later(3600, 0.4, slow).choice.intervalMs).toBe(50);
    expect(later(3600, 0.4, begin).choice.intervalMs).toBe(15);
  });

  it('gets quicker a step at a time, after two calm minutes each', () => {
    const slow = later(10, 0.1, begin);
    expect(later(115, 0.8, slow).choice.intervalMs).toBe(100);
    const once = later(120, 0.8, slow);
    expect(once.choice.intervalMs).toBe(50);
    expect(later(115, 0.8, once).choice.intervalMs).toBe(50);
    expect(later(120, 0.8, once).choice.intervalMs).toBe(15);
    // A busy moment between: the two minutes begin anew.
    expect(later(115, 0.8, later(5, 0.5, later(100, 0.8, slow))).choice.intervalMs).toBe(100);
  });
});
