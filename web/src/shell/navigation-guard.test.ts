import { afterEach, expect, it, vi } from 'vitest';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.doUnmock('react');
});

/** The guard with a page on which something was typed, in a browser of which only the address is real. */
async function guardedAt(pathname: string) {
  const heard: ((event: Event) => void)[] = [];
  const here = { pathname, search: '' };
  const pushState = vi.fn();
  vi.stubGlobal('location', here);
  vi.stubGlobal('history', { pushState });
  vi.stubGlobal('addEventListener', (type: string, listener: (event: Event) => void) => {
    if (type === 'popstate') heard.push(listener);
  });
  vi.doMock('react', () => ({ useEffect: (effect: () => void) => effect(), useSyncExternalStore: vi.fn() }));
  vi.doMock('wouter/use-browser-location', () => ({ navigate: vi.fn() }));
  const { useUnsavedGuard } = await import('./navigation-guard.ts');
  // biome-ignore lint/correctness/useHookAtTopLevel: React is replaced above
  useUnsavedGuard(true);
  const moveTo = (path: string) => {
    here.pathname = path;
    for (const listener of heard) listener({ stopImmediatePropagation: vi.fn() } as unknown as Event);
  };
  return { moveTo, pushState };
}

it('asks before the back button leaves the page, and not for a jump within it', async () => {
  const { moveTo, pushState } = await guardedAt('/peering');
  moveTo('/peering');
  expect(pushState).not.toHaveBeenCalled();
  moveTo('/');
  expect(pushState).toHaveBeenCalledWith(null, '', '/peering');
});
