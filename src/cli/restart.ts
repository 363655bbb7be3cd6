import { RefusedError, UnreachableError } from './cli-error.ts';
import type { Client } from './client.ts';

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** True when the API answers, false when nobody listens. A refusal is an answer too, unless it says "not now". */
export async function answers(client: Client): Promise<boolean> {
  try {
    await client.get('/config', { timeoutMs: 2_000 });
    return true;
  } catch (error) {
    if (error instanceof UnreachableError) return false;
    if (error instanceof RefusedError) return error.status !== 502 && error.status !== 503;
    throw error;
  }
}

export async function waitUntilUp(client: Client, timeoutMs = 60_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await answers(client))) {
    if (Date.now() > deadline) {
      throw new UnreachableError(`${client.endpoint.name}: did not come up within ${timeoutMs / 1000} s`);
    }
    await sleep(150);
  }
}

/**
 * Waits over the restart that some calls cause: first until the API is down, then until it is up again. An API
 * that does not go down within `graceMs` had no need to.
 */
export async function waitOverRestart(client: Client, graceMs = 8_000): Promise<void> {
  const deadline = Date.now() + graceMs;
  while (Date.now() < deadline) {
    if (!(await answers(client))) {
      await waitUntilUp(client);
      return;
    }
    await sleep(100);
  }
}
