import { expect, it } from 'vitest';
import type { Change } from '../api/firewall.ts';
import { isSame } from './careful-change.ts';

it('a report is about one change: other fields, another place or force make another one of it', () => {
  const change = (more: Partial<Change> = {}): Change => ({
    method: 'PUT',
    path: '/v2/firewall/rules/ab',
    body: { rule: 'INPUT -j DROP', position: 1 },
    ...more,
  });
  expect(isSame(change(), change())).toBe(true);
  expect(isSame(undefined, change())).toBe(false);
  expect(isSame(change({ body: { rule: 'INPUT -j DROP', position: 2 } }), change())).toBe(false);
  expect(isSame(change({ path: '/v2/firewall/rules/cd' }), change())).toBe(false);
  expect(isSame(change({ force: true }), change())).toBe(false);
});
