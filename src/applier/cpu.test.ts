import { describe, expect, it } from 'vitest';
import { CpuMeter, type CpuTimes } from './cpu.ts';

/** A machine of one core whose load is known second by second. */
function machine() {
  const times = { idle: 0, total: 0 };
  let at = 0;
  const meter = new CpuMeter(
    (): CpuTimes => ({ ...times }),
    () => at,
  );
  return {
    /** Lets time pass in steps of one read each. */
    run(seconds: number, idle: number, stepMs = 1000): number {
      let last = 1;
      for (let passed = 0; passed < seconds * 1000; passed += stepMs) {
        at += stepMs;
        times.total += stepMs;
        times.idle += stepMs * idle;
        last = meter.read();
      }
      return last;
    },
  };
}

describe('the CPU meter', () => {
  it('tells the share of the last ten seconds', () => {
    const cpu = machine();
    expect(cpu.run(30, 0.8)).toBeCloseTo(0.8, 2);
    expect(cpu.run(5, 0)).toBeCloseTo(0.4, 1);
    expect(cpu.run(15, 0)).toBe(0);
    expect(cpu.run(15, 1)).toBe(1);
  });

  it('does not take a burst in which it was asked often for the state of the machine', () => {
    const cpu = machine();
    cpu.run(20, 0.9);
    expect(cpu.run(0.5, 0, 5)).toBeGreaterThan(0.8);
    expect(cpu.run(9, 0.9, 1000)).toBeGreaterThan(0.8);
  });

  it('forgets what is older, and keeps few samples while it is asked often', () => {
    const cpu = machine();
    cpu.run(60, 0, 20);
    expect(cpu.run(11, 1, 20)).toBe(1);
  });

  it('calls a machine idle while it knows nothing', () => {
    expect(new CpuMeter(() => ({ idle: 5, total: 10 })).read()).toBe(1);
  });
});
