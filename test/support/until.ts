import { setTimeout as pause } from 'node:timers/promises';

interface Patience {
  /** Seconds until it counts as a failure. Generous: how fast things are is measured in bench/. */
  readonly within: number;
  readonly everyMs?: number;
}

type Yield<T> = T | null | undefined | false;

const words = (value: unknown): string =>
  value instanceof Error ? value.message : (JSON.stringify(value) ?? 'nothing');

/**
 * Polls until `check` yields something, and returns it. A check may also throw: what it said last is part of the
 * failure, so that one sees how far things had come.
 */
export async function until<T>(
  description: string,
  check: () => Yield<T> | Promise<Yield<T>>,
  { within, everyMs = 100 }: Patience,
): Promise<T> {
  const deadline = performance.now() + within * 1000;
  for (;;) {
    let last: unknown;
    try {
      const value = await check();
      if (value !== null && value !== undefined && value !== false) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadline) {
      throw new Error(`not within ${within} s: ${description}. Last seen: ${words(last)}`);
    }
    await pause(everyMs);
  }
}

/** Polls until every assertion of `check` holds. */
export async function eventually(
  description: string,
  check: () => void | Promise<void>,
  patience: Patience,
): Promise<void> {
  const succeeds = async () => {
    await check();
    return true;
  };
  await until(description, succeeds, patience);
}

/** Asserts again and again that something stays true; `check` throws when it is not. */
export async function holds(
  description: string,
  check: () => unknown,
  { lasting, everyMs = 500 }: { lasting: number; everyMs?: number },
): Promise<void> {
  const start = performance.now();
  while (performance.now() - start < lasting * 1000) {
    try {
      await check();
    } catch (error) {
      const after = ((performance.now() - start) / 1000).toFixed(1);
      throw new Error(`after ${after} s no longer true: ${description}. ${words(error)}`);
    }
    await pause(everyMs);
  }
}
