import { useEffect, useSyncExternalStore } from 'react';
import { navigate } from 'wouter/use-browser-location';

/** Keeps an operator from losing what was typed: by a link, by the back button and by closing the page. */
let guarded: string | null = null;
let pending: (() => void) | null = null;
const listeners = new Set<() => void>();

function setPending(next: (() => void) | null): void {
  pending = next;
  for (const listener of listeners) listener();
}

/** Goes at once where nothing would be lost; otherwise asks first. */
export function leave(go: () => void): void {
  if (guarded === null) go();
  else setPending(go);
}

export function answerLeave(mayLeave: boolean): void {
  const go = pending;
  if (mayLeave) guarded = null;
  setPending(null);
  if (mayLeave) go?.();
}

export const useLeaving = (): boolean =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => pending !== null,
  );

/** While `dirty`, the current page is not left without a question. */
export function useUnsavedGuard(dirty: boolean): void {
  useEffect(() => {
    if (!dirty) return;
    guarded = location.pathname + location.search;
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', onUnload);
    return () => {
      guarded = null;
      removeEventListener('beforeunload', onUnload);
    };
  }, [dirty]);
}

/**
 * The back button has moved already: the page is put back, and the question asked. The browser calls listeners of the
 * window in the order of their registration, so this stands in a module and is there before the router's.
 */
addEventListener('popstate', (event) => {
  const wanted = location.pathname + location.search;
  // A jump within the page, as "Skip to content" is, leaves nothing.
  if (guarded === null || wanted === guarded) return;
  event.stopImmediatePropagation();
  history.pushState(null, '', guarded);
  setPending(() => navigate(wanted));
});
