import { expect, it } from 'vitest';
import type { ObservedLink } from '../desired/observed.ts';
import { isHalfUp } from './half-up.ts';

const NOW = Date.parse('2026-11-27T16:36:43.100Z');
const link = (bgp: string, bfd: 'Up' | 'Down', since = '2026-11-27T16:36:43.026Z') =>
  ({ bgp: { state: bgp, since }, bfd: { state: bfd } }) as unknown as ObservedLink;

it('is a link whose BGP is up before BFD, for two seconds', () => {
  expect(isHalfUp({ links: [link('Established', 'Up'), link('Established', 'Down')] }, NOW)).toBe(true);
  expect(isHalfUp({ links: [link('Established', 'Down')] }, NOW + 3000)).toBe(false);
});

it('is none that is up, and none that is down', () => {
  expect(isHalfUp({ links: [] }, NOW)).toBe(false);
  expect(isHalfUp({ links: [link('Established', 'Up'), link('Connect', 'Down')] }, NOW)).toBe(false);
});
