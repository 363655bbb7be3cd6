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
const wrong = (statement: Statement, answers: number[]) =>
  judgeStatements([statement], () => answers, []).wrong.map(({ because }) => because);

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

  /** Says down each second from then on until the ninth. */
  const down = (from: number) =>
    Array.from({ length: 10 - from }, (_, index) => says((from + index) * 1000, 'down'));
  const refuted = (
    from: number,
    answers: number[],
    standstills: Parameters<typeof judgeStatements>[2] = [],
  ) => judgeStatements(down(from), () => answers, standstills).wrong.map(({ at }) => at);

  it('refutes down when packets pass for longer than a return takes', () => {
    expect(refuted(2, echoes())).toEqual([7000, 8000, 9000]);
    expect(refuted(5, echoes())).toEqual([]);
    expect(refuted(1, echoes(1000, 3500))).toEqual([9000]);
  });

  it('believes down while an engine of the link stands still', () => {
    expect(refuted(2, echoes(), [{ ids: [2], from: 1000, to: 9500 }])).toEqual([]);
    expect(refuted(2, echoes(), [{ ids: [1, 2], from: 1000, to: 3500 }])).toEqual([9000]);
    expect(refuted(2, echoes(), [{ ids: [1, 3], from: 1000, to: 9500 }])).toHaveLength(3);
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
