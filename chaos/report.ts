import { table } from '../src/cli/output.ts';
import { faults } from './faults/all.ts';
import { type Result, truthOf } from './result.ts';

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
const share = (value: number) => `${(Math.floor(value * 10_000) / 100).toFixed(2)} %`;
const orDash = (values: readonly (number | null)[], show: (ms: number) => string) => {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? '-' : show(Math.max(...known));
};

/** One line a case, as it goes. */
export function caseLine(result: Result): string {
  const {
    index,
    size,
    fault,
    targets,
    holdMs,
    gapMs,
    stallMs,
    detectionMs,
    returnMs,
    recoveryMs,
    truth,
    failures,
  } = result;
  const gap = gapMs === null ? 'no way' : `gap ${gapMs} ms (BFD ${detectionMs}, machine ${stallMs})`;
  const back = returnMs === null ? '' : `, back after ${seconds(returnMs)}`;
  const verdict =
    failures.length === 0 ? 'held' : `FAILED: ${failures.map(({ invariant }) => invariant).join(', ')}`;
  return [
    `${String(index).padStart(3)}  ${String(size).padStart(2)} controllers`,
    `${fault} ${targets}, ${seconds(holdMs)}`.padEnd(44),
    `${gap}${back}, as before after ${seconds(recoveryMs)}`.padEnd(60),
    `${result.changes} changes`,
    `truth ${share(truthOf([result]))}`,
    verdict + (truth.silent > 0 ? ` (${truth.silent} unsaid)` : ''),
  ].join('  ');
}

const HEAD = [
  'fault',
  'controllers',
  'cases',
  'worst gap',
  'worst return',
  'worst recovery',
  'truth',
  'failed invariants',
];

/** A row for each fault and size that was met. */
function rows(results: readonly Result[]): string[][] {
  const sizes = [...new Set(results.map(({ size }) => size))].sort((a, b) => a - b);
  return faults.flatMap(({ name }) =>
    sizes.flatMap((size) => {
      const cases = results.filter((one) => one.fault === name && one.size === size);
      if (cases.length === 0) return [];
      const failed = [
        ...new Set(cases.flatMap(({ failures }) => failures.map(({ invariant }) => invariant))),
      ];
      return [
        [
          name,
          String(size),
          String(cases.length),
          orDash(
            cases.map(({ gapMs }) => gapMs),
            (ms) => `${ms} ms`,
          ),
          orDash(
            cases.map(({ returnMs }) => returnMs),
            seconds,
          ),
          orDash(
            cases.map(({ recoveryMs }) => recoveryMs),
            seconds,
          ),
          share(truthOf(cases)),
          failed.join(', ') || 'none',
        ],
      ];
    }),
  );
}

export const plainTable = (results: readonly Result[]): string[] => table(HEAD, rows(results));

export function markdownTable(results: readonly Result[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(HEAD), line(HEAD.map(() => '---')), ...rows(results).map(line)];
}
