import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { followTask } from './task.ts';

let asked: string[];

/** One answer a question; the last one stays. Null: nobody answers. */
function answerWith(...answers: (string | null)[]): void {
  vi.stubGlobal('fetch', (path: string) => {
    asked.push(path);
    const status = answers.length > 1 ? answers.shift() : answers[0];
    if (status === null) return Promise.reject(new TypeError('fetch failed'));
    return Promise.resolve(Response.json({ response: { task_status: status } }));
  });
}

/** How it ended, or that it has not. */
function follow(): { end: string } {
  const result = { end: 'waiting' };
  followTask('a b', 'The work').then(
    () => (result.end = 'done'),
    (error: Error) => (result.end = error.message),
  );
  return result;
}

beforeEach(() => {
  asked = [];
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('a task', () => {
  it('is over when the controller says so, not when it has begun', async () => {
    answerWith('running', 'finished_ok');
    const result = follow();
    await vi.advanceTimersByTimeAsync(499);
    expect(result.end).toBe('waiting');
    await vi.advanceTimersByTimeAsync(1);
    expect(result.end).toBe('done');
    expect(asked).toEqual(Array(2).fill('/api/status/task?token=a%20b'));
  });

  it('tells that it failed, also when the controller restarted meanwhile', async () => {
    answerWith('running', null, 'finished_fail');
    const result = follow();
    await vi.advanceTimersByTimeAsync(1000);
    expect(result.end).toBe('The work failed; the log of the controller says why.');
  });

  it('is not waited for for ever', async () => {
    answerWith('running');
    const result = follow();
    await vi.advanceTimersByTimeAsync(119_999);
    expect(result.end).toBe('waiting');
    await vi.advanceTimersByTimeAsync(1);
    expect(result.end).toBe('The work has not ended after 120 s.');
  });
});
