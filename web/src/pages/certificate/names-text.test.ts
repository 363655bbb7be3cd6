import { expect, it } from 'vitest';
import { locksOut, namesText, parseNames } from './names-text.ts';

it('shows names as lines and reads them back', () => {
  const names = ['mesh.example.net', 'c1'];
  expect(parseNames(namesText(names))).toEqual(names);
  expect(parseNames(' Mesh.Example.NET., c1;\n\nc1 ')).toEqual(names);
  expect(parseNames(' \n')).toEqual([]);
});

it('knows when a browser would lock itself out', () => {
  const known = { hosts: ['mesh.example.net'], built_in: ['c1'] };
  expect(locksOut('mesh.example.net', known, ['other.example.net'])).toBe(true);
  expect(locksOut('mesh.example.net', known, ['mesh.example.net'])).toBe(false);
  for (const here of ['192.0.2.1', 'c1', 'localhost']) expect(locksOut(here, known, [])).toBe(false);
});
