import { Unreachable } from './error.ts';
import { request } from './request.ts';

const EVERY_MS = 500;
const WITHIN_MS = 120_000;

/** Waits for work that goes on behind the API. `what` is the work, as the beginning of a sentence. */
export async function followTask(token: string, what: string): Promise<void> {
  const deadline = Date.now() + WITHIN_MS;
  for (;;) {
    const status = await statusOf(token);
    if (status === 'finished_ok') return;
    if (status !== 'running') throw new Error(`${what} failed; the log of the controller says why.`);
    if (Date.now() >= deadline) throw new Error(`${what} has not ended after ${WITHIN_MS / 1000} s.`);
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}

/** A restart of the API is waited out: what it interrupted has failed, and it says so afterwards. */
async function statusOf(token: string): Promise<string> {
  const path = `/status/task?token=${encodeURIComponent(token)}`;
  try {
    return (await request<{ task_status: string }>('GET', path)).task_status;
  } catch (error) {
    if (error instanceof Unreachable) return 'running';
    throw error;
  }
}
