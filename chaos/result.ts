import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Failure, Outcome } from './run-case.ts';

/** A case as it is kept and shown: plain data. */
export interface Result {
  readonly seed: number;
  readonly size: number;
  readonly index: number;
  readonly fault: string;
  readonly targets: string;
  readonly holdMs: number;
  /** How long the machine itself stood still. */
  readonly stallMs: number;
  readonly gapMs: number | null;
  readonly returnMs: number | null;
  readonly recoveryMs: number;
  readonly detectionMs: number;
  readonly changes: number;
  readonly truth: { readonly right: number; readonly silent: number; readonly wrong: readonly string[] };
  readonly failures: readonly Failure[];
}

export interface Report {
  readonly machine: string;
  readonly date: string;
  readonly seed: number;
  readonly command: string;
  readonly results: readonly Result[];
}

const whole = (value: number | null) => (value === null ? null : Math.round(value));

export function toResult({ one, truth, begin, ...rest }: Outcome): Result {
  return {
    ...{ seed: one.seed, size: one.size, index: one.index, fault: one.fault },
    ...{
      targets: one.blow.targets,
      holdMs: one.blow.holdMs,
      detectionMs: rest.detectionMs,
      changes: rest.changes,
      failures: rest.failures,
    },
    ...{
      stallMs: Math.round(rest.stallMs),
      gapMs: whole(rest.gapMs),
      returnMs: whole(rest.returnMs),
      recoveryMs: Math.round(rest.recoveryMs),
    },
    truth: {
      right: truth.right,
      silent: truth.silent,
      wrong: truth.wrong.map(
        ({ at, by, peer, state, grounds, because }) =>
          `${((at - begin) / 1000).toFixed(1)} s: controller ${by}, link ${peer}: ${state} (${grounds}), but ${because}`,
      ),
    },
  };
}

export function truthOf(results: readonly Result[]): number {
  const right = results.reduce((sum, { truth }) => sum + truth.right, 0);
  const wrong = results.reduce((sum, { truth }) => sum + truth.wrong.length, 0);
  return right + wrong === 0 ? 1 : right / (right + wrong);
}

/** Adds to what an earlier run with the same seed has left in the file: a long sequence may be run in pieces. */
export function keep(file: string, report: Report): Report {
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Report) : null;
  const isNew = ({ size, index, fault }: Result) =>
    !report.results.some((one) => one.size === size && one.index === index && one.fault === fault);
  const earlier = before?.seed === report.seed ? before.results.filter(isNew) : [];
  const results = [...earlier, ...report.results].sort((a, b) => a.size - b.size || a.index - b.index);
  const whole = { ...report, results };
  writeFileSync(file, `${JSON.stringify(whole, null, 2)}\n`);
  return whole;
}
