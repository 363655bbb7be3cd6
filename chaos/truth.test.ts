import { describe, expect, it } from 'vitest';
import { judgeStatements, type Statement, score } from './truth.ts';

/** An answer each 100 ms of ten seconds, but between two times. */
const echoes = (from = 0, to = 0) =>
  Array.from({ length: 100 }, (_, index) => index * 100).filter((at) => at < from || at >= to);
const says = (at: number, state: Statement['state'], detectionMs: number | null = 60): Statement => ({
  at,
  by: 1,
  peer: 2,
  state,
  detectionMs,
  grounds: '',
});
const wrong = (
  statement: Statement,
  answers: number[],
  standstills: Parameters<typeof judgeStatements>[2] = [],
) => judgeStatements([statement], () => answers, standstills).wrong.map(({ because }) => because);

describe('judgeStatements', () => {
  it('lets up pass while packets do', () => expect(wrong(says(5000, 'up'), echoes())).toEqual([]));

  it('refutes up after a second without a packet', () => {
    expect(wrong(says(5900, 'up'), echoes(5000, 8000))).toEqual([]);
    expect(wrong(says(6000, 'up'), echoes(5000, 8000))).toEqual(['no packet for 1100 ms']);
    expect(wrong(says(6000, 'degraded'), echoes(5000, 8000))).toHaveLength(1);
  });

  it('waits for the detection time that status itself shows', () => {
    expect(wrong(says(6000, 'up', 1500), echoes(5000, 8000))).toEqual([]);
    expect(wrong(says(7100, 'up', 1500), echoes(5000, 8000))).toHaveLength(1);
  });

  it('refutes down when packets have passed for longer than a return takes', () => {
    expect(wrong(says(9000, 'down'), echoes(1000, 3500))).toHaveLength(1);
    expect(wrong(says(9000, 'down'), echoes(1000, 6000))).toEqual([]);
  });

  it('believes down while BIRD stands still at one end', () => {
    expect(wrong(says(9000, 'down'), echoes(), [{ controller: 2, from: 1000, to: 9500 }])).toEqual([]);
    expect(wrong(says(9000, 'down'), echoes(), [{ controller: 3, from: 1000, to: 9500 }])).toHaveLength(1);
  });

  it('counts what states nothing beside the score', () => {
    const truth = judgeStatements(
      [says(5000, null), says(5000, 'unknown'), says(5000, 'up')],
      () => echoes(),
      [],
    );
    expect(truth).toMatchObject({ right: 1, silent: 2, wrong: [] });
    expect(score(truth)).toBe(1);
  });
});
