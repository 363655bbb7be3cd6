import { expect, it, vi } from 'vitest';
import { Database } from '../store/database.ts';
import { Tasks } from './tasks.ts';

const neverFails = () => expect.unreachable('the work was to succeed');

it('runs, then has finished', async () => {
  const tasks = new Tasks(new Database(':memory:'));
  let finish = () => {};
  const token = tasks.start(() => new Promise((resolve) => (finish = resolve)), neverFails);
  await vi.waitFor(() => expect(tasks.status(token)).toBe('running'));
  await Promise.resolve();
  finish();
  await vi.waitFor(() => expect(tasks.status(token)).toBe('finished_ok'));
});

it('reports failed work, thrown or rejected', async () => {
  const tasks = new Tasks(new Database(':memory:'));
  const failed = vi.fn();
  const token = tasks.start(() => {
    throw new Error('boom');
  }, failed);
  await vi.waitFor(() => expect(failed).toHaveBeenCalledOnce());
  expect(tasks.status(token)).toBe('finished_fail');
  expect(tasks.status('unknown')).toBeNull();
});

it('counts work that a restart interrupted as failed, and forgets old work', () => {
  const db = new Database(':memory:');
  let now = 1_000;
  const token = new Tasks(db, () => now).start(() => new Promise(() => {}), neverFails);
  const after = new Tasks(db, () => now);
  after.recover();
  expect(after.status(token)).toBe('finished_fail');
  now += 25 * 3600 * 1000;
  after.start(() => new Promise(() => {}), neverFails);
  expect(after.status(token)).toBeNull();
});
