import { useEffect } from 'react';
import { pages } from '../pages/index.ts';

/** After the first view, so that it costs that nothing. */
const AFTER_MS = 1500;

/** Fetches the other pages in a quiet moment: opening one is then a matter of milliseconds. */
export function usePreparedPages(): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      for (const page of pages) if (!page.heavy && !page.admin) page.prepare();
    }, AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
}
