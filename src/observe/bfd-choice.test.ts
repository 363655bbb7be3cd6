import { describe, expect, it } from 'vitest';
import { type BfdChoice, chooseBfd, initialChoice, type LinkQuality, multiplierFor } from './bfd-choice.ts';

const clean: LinkQuality = {
  loss: 0,
  jitterMs: 0.3,
  cpuIdle: 0.9,
  flaps: [],
  alarms: [],
  up: true,
  links: 2,
};
const many: LinkQuality = { ...clean, links: 9 };
/** What a link has after a quiet start. */
const settled = (quality: LinkQuality) => run(initialChoice(quality.links, 0), quality, 600).at(-1)!;
const detection = ({ timing }: BfdChoice) => timing.intervalMs * timing.multiplier;

/** Runs `seconds` of five-second evaluations and returns every choice. */
function run(start: BfdChoice, quality: LinkQuality, seconds: number, from = 0): BfdChoice[] {
  const choices = [start];
  for (let s = 5; s <= seconds; s += 5) choices.push(chooseBfd(choices.at(-1)!, quality, from + s * 1000));
  return choices;
}

describe('multiplierFor', () => {
  it('expects less than one false flap a month in both directions together', () => {
    for (const interval of [20, 50, 100]) {
      for (const loss of [0.001, 0.01, 0.05, 0.1, 0.2]) {
        const flaps = ((2 * 30 * 24 * 3600 * 1000) / interval) * loss ** multiplierFor(interval, loss);
        expect(flaps, `${loss} at ${interval} ms`).toBeLessThanOrEqual(1);
      }
    }
  });
});

describe('chooseBfd', () => {
  it('forgets flaps and alarms of a future that the clock was set back from, and goes on', () => {
    const hour = 3600_000;
    const before = { ...settled(clean), avoid: true, calmSince: hour };
    const back = chooseBfd(before, { ...clean, flaps: [hour, hour + 1], alarms: [hour] }, 1000);
    expect(back.avoid).toBe(false);
    expect(back.timing).toEqual({ intervalMs: 10, multiplier: 6 });
  });

  it('begins with care and is at 10 ms x 6 after two calm minutes, at 20 ms x 4 in a large topology', () => {
    expect(detection(initialChoice(2, 0))).toBe(70);
    expect(run(initialChoice(2, 0), clean, 115).every((choice) => detection(choice) === 70)).toBe(true);
    expect(settled(clean).timing).toEqual({ intervalMs: 10, multiplier: 6 });
    expect(initialChoice(4, 0).timing).toEqual({ intervalMs: 20, multiplier: 5 });
    expect(settled({ ...clean, links: 4 }).timing).toEqual({ intervalMs: 10, multiplier: 6 });
    expect(settled({ ...clean, links: 4, cpuIdle: 0.6 }).timing.intervalMs).toBe(20);
    expect(detection(initialChoice(9, 0))).toBe(400);
    expect(settled(many).timing).toEqual({ intervalMs: 20, multiplier: 4 });
  });

  it('never takes a process that was held up for 50 ms for a dead link', () => {
    for (const links of [1, 2, 4, 5, 9]) {
      for (const choice of run(initialChoice(links, 0), { ...clean, links }, 3600)) {
        const { intervalMs, multiplier } = choice.timing;
        expect(intervalMs * (multiplier - 1), `${links} links`).toBeGreaterThanOrEqual(50);
      }
    }
  });

  it('keeps a packet in reserve on a machine with half of its time in use, and does not swing', () => {
    expect(settled({ ...clean, cpuIdle: 0.45 }).timing).toEqual({ intervalMs: 10, multiplier: 7 });
    const busy = chooseBfd(settled(clean), { ...clean, cpuIdle: 0.45 }, 605_000);
    expect(busy.timing).toEqual({ intervalMs: 10, multiplier: 7 });
    const between = run(busy, { ...clean, cpuIdle: 0.6 }, 1800, 605_000);
    expect(between.every(({ timing }) => timing.multiplier === 7)).toBe(true);
  });

  it('learns from false alarms for a day', () => {
    const once = chooseBfd(settled(clean), { ...clean, alarms: [604_000] }, 605_000);
    expect(once.timing).toEqual({ intervalMs: 10, multiplier: 8 });
    const thrice = chooseBfd(once, { ...clean, alarms: [604_000, 608_000, 609_000] }, 610_000);
    expect(thrice.timing).toEqual({ intervalMs: 10, multiplier: 12 });
    const alarms = [604_000, 608_000, 609_000];
    expect(run(thrice, { ...clean, alarms }, 3600, 610_000).at(-1)?.timing).toEqual(thrice.timing);
    const often = chooseBfd(thrice, { ...clean, alarms: [...alarms, 611_000] }, 612_000);
    expect(often.timing).toEqual({ intervalMs: 20, multiplier: 8 });
    const nextDay = 25 * 3600_000;
    expect(run(thrice, { ...clean, alarms }, 900, nextDay).at(-1)?.timing).toEqual({
      intervalMs: 10,
      multiplier: 6,
    });
  });

  it('raises the multiplier at once under loss and lowers it slowly afterwards', () => {
    const lossy = chooseBfd(initialChoice(2, 0), { ...clean, loss: 0.05 }, 5000);
    expect(lossy.timing.multiplier).toBeGreaterThanOrEqual(7);
    expect(chooseBfd(lossy, clean, 10_000).timing).toEqual(lossy.timing);
    expect(run(lossy, clean, 7200, 5000).at(-1)?.timing.multiplier).toBeLessThan(lossy.timing.multiplier);
  });

  it('slows down when the machine is short of CPU and does not swing back and forth', () => {
    const busy = chooseBfd(initialChoice(2, 0), { ...clean, cpuIdle: 0.1 }, 5000);
    expect(busy.timing.intervalMs).toBe(50);
    const after = run(busy, { ...clean, cpuIdle: 0.6 }, 1800, 5000);
    expect(after.every((choice) => choice.timing.intervalMs === 50)).toBe(true);
    expect(run(busy, clean, 300, 5000).at(-1)?.timing.intervalMs).toBe(10);
  });

  it('takes sessions of a large topology back further, because they may be what the machine is busy with', () => {
    const fast = settled(many);
    const busy = { ...many, cpuIdle: 0.1 };
    expect(chooseBfd(fast, busy, 605_000).timing.intervalMs).toBe(50);
    expect(run(fast, busy, 60, 600_000).at(-1)?.timing.intervalMs).toBe(100);
    expect(run(settled(clean), { ...clean, cpuIdle: 0.1 }, 60, 600_000).at(-1)?.timing.intervalMs).toBe(50);
  });

  it('slows down for jitter that three intervals would not cover', () => {
    expect(chooseBfd(initialChoice(2, 0), { ...clean, jitterMs: 12 }, 5000).timing.intervalMs).toBe(50);
    expect(chooseBfd(initialChoice(2, 0), { ...clean, jitterMs: 30 }, 5000).timing.intervalMs).toBe(100);
  });

  it('avoids a link that loses a tenth of its packets until it is clean again', () => {
    const bad = chooseBfd(initialChoice(2, 0), { ...clean, loss: 0.3 }, 5000);
    expect(bad.avoid).toBe(true);
    expect(chooseBfd(bad, { ...clean, loss: 0.05 }, 10_000).avoid).toBe(true);
    expect(chooseBfd(bad, { ...clean, loss: 0.0 }, 10_000).avoid).toBe(false);
  });

  it('avoids a flapping link for a minute after its last flap', () => {
    const flapping = { ...clean, flaps: [1000, 9000, 20_000] };
    expect(chooseBfd(initialChoice(2, 0), flapping, 25_000).avoid).toBe(true);
    expect(chooseBfd(initialChoice(2, 0), flapping, 90_000).avoid).toBe(false);
  });
});
