import { useEffect } from 'react';
import { pages } from '../pages/index.ts';

/** After the first view, so that it costs that nothing. */
const AFTER_MS = 1500;

/** Begins to fetch the page that the address names, while nobody knows yet who asks. */
export function prepareFirstPage(pathname: string): void {
  const section = (path: string) => path.split('/')[1];
  for (const page of pages) if (section(page.path) === section(pathname)) page.prepare();
}

/** Fetches the other pages in a quiet moment: opening one is then a matter of milliseconds. */
export function usePreparedPages(): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      for (const page of pages) if (!page.heavy && !page.admin) page.prepare();
    }, AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
}
