import { expect, it } from 'vitest';
import { browserIn } from './browser.ts';

it('names browser and system', () => {
  const chrome =
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36';
  expect(browserIn(chrome)).toBe('Chrome, Linux');
  expect(browserIn(`${chrome} Edg/120.0`)).toBe('Edge, Linux');
  expect(browserIn('Mozilla/5.0 (Windows NT 10.0; rv:120.0) Gecko/20100101 Firefox/120.0')).toBe(
    'Firefox, Windows',
  );
  expect(browserIn('curl/8.0')).toBe('curl/8.0');
  expect(browserIn('')).toBe('unknown');
});
