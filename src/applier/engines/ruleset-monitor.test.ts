import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { IntactRules, RulesetMonitor } from './ruleset-monitor.ts';

const monitors: RulesetMonitor[] = [];

afterEach(() => {
  for (const monitor of monitors.splice(0)) monitor.stop();
});

/** Listens to a shell script, each line of which is news. */
function monitorOf(script: string): RulesetMonitor {
  const monitor = new RulesetMonitor(['sh', '-c', script]);
  monitors.push(monitor);
  monitor.start();
  return monitor;
}

it('has one mark until there is news, and another one afterwards', async () => {
  const monitor = monitorOf('sleep 3; echo add rule; exec sleep 30');
  expect(monitor.mark()).toBeNull();
  await sleep(2300);
  const before = monitor.mark();
  expect(before).not.toBeNull();
  expect(monitor.mark()).toBe(before);
  await expect.poll(() => monitor.mark(), { timeout: 5000 }).not.toBe(before);
  expect(monitor.mark()).not.toBeNull();
});

it('makes us look while nobody listens', async () => {
  const monitor = monitorOf('sleep 2.5');
  await sleep(2200);
  expect(monitor.mark()).not.toBeNull();
  await expect.poll(() => monitor.mark(), { timeout: 2000 }).toBeNull();
});

it('lets rules be looked at once, and again after news or after they were not intact', async () => {
  let mark: string | null = null;
  let isIntact = true;
  let looks = 0;
  const rules = new IntactRules({ mark: () => mark } as RulesetMonitor, async () => {
    looks++;
    return isIntact;
  });
  const ask = async () => [await rules.ask(), looks];
  // Nobody listens yet.
  expect(await ask()).toEqual([true, 1]);
  expect(await ask()).toEqual([true, 2]);
  mark = 'first';
  expect(await ask()).toEqual([true, 3]);
  expect(await ask()).toEqual([true, 3]);
  mark = 'second';
  isIntact = false;
  expect(await ask()).toEqual([false, 4]);
  expect(await ask()).toEqual([false, 5]);
});
