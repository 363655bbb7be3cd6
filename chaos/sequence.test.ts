import { describe, expect, it } from 'vitest';
import { faults } from './faults/all.ts';
import { caseAt, repetition } from './sequence.ts';

const list = (seed: number, size: number, count: number) =>
  Array.from({ length: count }, (_, index) => caseAt(faults, seed, size, index));
const told = (cases: ReturnType<typeof list>) =>
  cases.map(({ fault, blow }) => `${fault} ${blow.targets} ${blow.holdMs}`);

describe('a sequence of cases', () => {
  it('is the same with the same seed', () => {
    expect(told(list(7, 3, 40))).toEqual(told(list(7, 3, 40)));
    expect(told(list(8, 3, 40))).not.toEqual(told(list(7, 3, 40)));
  });

  it('meets every fault once in a round', () => {
    const round = list(7, 5, faults.length).map(({ fault }) => fault);
    expect(new Set(round).size).toBe(faults.length);
  });

  it('can be entered anywhere', () => {
    const [alone] = [caseAt(faults, 7, 3, 17)];
    expect(told([alone!])).toEqual(told(list(7, 3, 40).slice(17, 18)));
  });

  it('hits nobody that is not there', () => {
    for (const size of [2, 3, 5, 10]) {
      for (const { blow } of list(1, size, 60)) {
        const {
          dark = [],
          poor = [],
          rebuilt = [],
          off = [],
          routeless = [],
          restarting = [],
        } = blow.effects;
        const hit = [
          ...blow.at,
          ...[...dark, ...poor, ...rebuilt].flat(),
          ...off,
          ...routeless,
          ...restarting,
        ];
        expect(hit.every((id) => id >= 1 && id <= size)).toBe(true);
        expect(blow.holdMs).toBeGreaterThan(0);
      }
    }
  });
});

it('says how a case is repeated', () => {
  expect(repetition(caseAt(faults, 7, 3, 17), null)).toBe(
    './meshwright chaos --seed 7 --controllers 3 --from 17 --cases 1',
  );
});
