import { describe, expect, it } from 'vitest';
import type { ObservedLink } from '../desired/observed.ts';
import { PeerWatch } from './peer-watch.ts';

const CALM = { cpuIdle: 0.9, links: 2 };
const seen = (state: 'Up' | 'Down') =>
  ({
    present: true,
    bfd: { state, since: null },
    bgp: { state: state === 'Up' ? 'Established' : 'Active' },
    mtuProbe: { ok: true },
    probe: { loss: 0, lossWhileUp: 0, windowWhileUp: 60, jitterMs: 0.2, window: 60 },
  }) as ObservedLink;

/** A link that was up for ten minutes, then down for `ms`, then up again. */
function interrupted(ms: number): { watch: PeerWatch; now: number } {
  const watch = new PeerWatch(2, 2, 0);
  let now = 0;
  watch.see(seen('Up'), now);
  for (; now < 600_000; now += 5000) watch.evaluate(seen('Up'), CALM, now);
  watch.see(seen('Down'), now);
  now += ms;
  watch.see(seen('Up'), now);
  watch.evaluate(seen('Up'), CALM, now);
  return { watch, now };
}

describe('PeerWatch', () => {
  it('takes a link that is back within two seconds for a false alarm, and waits longer next time', () => {
    expect(interrupted(900).watch.timing('auto')).toEqual({ intervalMs: 10, multiplier: 8 });
  });

  it('takes a link that comes up for the first time for nothing but that', () => {
    const watch = new PeerWatch(2, 2, 0);
    watch.see(seen('Down'), 0);
    watch.see(seen('Up'), 900);
    for (let now = 1000; now < 600_000; now += 5000) watch.evaluate(seen('Up'), CALM, now);
    expect(watch.timing('auto')).toEqual({ intervalMs: 10, multiplier: 6 });
  });

  it('takes no second step of a return from an outage for a false alarm', () => {
    const { watch, now } = interrupted(10_000);
    watch.see(seen('Down'), now + 1000);
    watch.see(seen('Up'), now + 1500);
    watch.evaluate(seen('Up'), CALM, now + 2000);
    expect(watch.timing('auto')).toEqual({ intervalMs: 10, multiplier: 6 });
  });

  it('keeps its timing after a real outage', () => {
    expect(interrupted(10_000).watch.timing('auto')).toEqual({ intervalMs: 10, multiplier: 6 });
  });

  it('leaves a profile that an operator chose alone', () => {
    expect(interrupted(900).watch.timing('fast')).toEqual({ intervalMs: 10, multiplier: 3 });
  });

  it('avoids a link that goes down right after it came up, twice', () => {
    const { watch, now } = interrupted(10_000);
    for (const at of [1000, 2000, 4000, 5000])
      watch.see(seen(at === 1000 || at === 4000 ? 'Down' : 'Up'), now + at);
    watch.evaluate(seen('Up'), CALM, now + 6000);
    expect(watch.avoid).toBe(true);
  });

  it('tells of an end that nobody could see, and takes it for a false alarm', () => {
    const { watch, now } = interrupted(10_000);
    for (let at = now; at < now + 600_000; at += 5000) watch.evaluate(seen('Up'), CALM, at);
    const later = now + 600_000;
    watch.lose(later);
    expect(watch.see(seen('Up'), later + 40, later + 1)).toEqual([
      { state: 'down', at: later },
      { state: 'up', at: later + 40 },
    ]);
    expect(watch.see(seen('Up'), later + 500)).toEqual([]);
    watch.evaluate(seen('Up'), CALM, later + 1000);
    expect(watch.timing('auto')).toEqual({ intervalMs: 10, multiplier: 8 });
  });

  it('takes no observation that was asked for before an end for one of its time', () => {
    const { watch, now } = interrupted(10_000);
    watch.lose(now + 100);
    expect(watch.see(seen('Up'), now + 150, now + 50)).toEqual([]);
    expect(watch.see(seen('Down'), now + 200, now + 160)).toEqual([{ state: 'down', at: now + 200 }]);
    expect(watch.see(seen('Up'), now + 9000)).toEqual([{ state: 'up', at: now + 9000 }]);
  });
});
