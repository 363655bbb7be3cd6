import { useSyncExternalStore } from 'react';
import { clockOffset } from './controller-clock.ts';

const listeners = new Set<() => void>();
let offset: number | null = null;
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

/** A step of the clock that shows in what is on the page. */
const VISIBLE_MS = 500;

/** The time at the controller: all that happened carries its times, and the browser's clock may be wrong. */
export const controllerNow = (): number => Date.now() + (offset ?? 0);

/** The controller just said what time it is. */
export function hearTime(told: number): void {
  const before = offset ?? 0;
  offset = clockOffset(offset, told, Date.now());
  if (Math.abs(offset - before) > VISIBLE_MS) tick();
}

function tick(): void {
  now = controllerNow();
  for (const each of listeners) each();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    timer = setInterval(tick, 1000);
    now = controllerNow();
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The time at the controller, every second: one clock for the whole page. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => now);
