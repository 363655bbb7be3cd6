import { expect, it } from 'vitest';
import { labelOf, pageOf, titleOf } from './line-words.ts';
import type { Line } from './picture.ts';

const spot = (id: number, name: string | null = null) => ({ id, member: { name } });
const link = { peer: 2, path: { kind: 'via', controllers: [3, 2] }, probe: { rtt_ms: 12, loss: 0.1 } };
const own = { from: 1, to: 2, state: 'up', link, far: null } as unknown as Line;
const others: Line = { from: 2, to: 3, state: 'unknown', link: null, far: null, carriesDetour: false };

it('an own link leads to its page and says whom it reaches', () => {
  expect(pageOf(own)).toBe('/peers/2');
  expect(titleOf(own, spot(1), spot(2, 'rome'))).toBe('Link to rome');
  expect(titleOf(own, spot(1), spot(2))).toBe('Link to controller 2');
});

it('a link between others leads nowhere and says so', () => {
  expect(pageOf(others)).toBeNull();
  expect(titleOf(others, spot(2, 'rome'), spot(3))).toBe(
    'Between rome and controller 3. It is no link of this controller, so it leads nowhere.',
  );
});

it('is labelled with its round trip, or with the way that traffic takes instead', () => {
  expect(labelOf(own)).toMatch(/ lost$/);
  expect(labelOf({ ...own, state: 'down' })).toBe('down, over 3');
  expect(labelOf({ ...others, state: 'down' })).toBe('down');
  expect(labelOf({ ...own, state: 'unknown' })).toBe('not known');
});
