import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { failureWithin } from './patience.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('tells a failure that comes in time', async () => {
  expect(await failureWithin(Promise.reject(new Error('refused')), 5000)).toEqual(new Error('refused'));
  expect(await failureWithin(Promise.resolve(), 5000)).toBeNull();
});

it('says what it was told to say when nothing is decided in time', async () => {
  const undecided = new Error('busy');
  const waiting = failureWithin(new Promise(() => undefined), 5000, undecided);
  await vi.advanceTimersByTimeAsync(5000);
  expect(await waiting).toBe(undecided);
  expect(await failureWithin(Promise.resolve(), 5000, undecided)).toBeNull();
});

it('does not wait for ever, and a failure after that disturbs nobody', async () => {
  let fail: (error: Error) => void = () => undefined;
  const waiting = failureWithin(new Promise((_, reject) => (fail = reject)), 5000);
  await vi.advanceTimersByTimeAsync(5000);
  expect(await waiting).toBeNull();
  fail(new Error('too late'));
  await vi.advanceTimersByTimeAsync(1);
});
