import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { RulesetMonitor } from './ruleset-monitor.ts';

const monitors: RulesetMonitor[] = [];

afterEach(() => {
  for (const monitor of monitors.splice(0)) monitor.stop();
});

/** Follows a program that says a line each time its standard input would: here after `seconds`. */
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
});

it('makes us look while nobody listens', async () => {
  const monitor = monitorOf('sleep 2.5');
  await sleep(2200);
  expect(monitor.mark()).not.toBeNull();
  await expect.poll(() => monitor.mark(), { timeout: 2000 }).toBeNull();
});
