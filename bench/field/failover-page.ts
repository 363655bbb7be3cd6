import { duration, percentile, table } from '../table.ts';
import type { Run } from './failover.ts';
import type { Cell } from './failover-results.ts';
import { type Contender, title } from './ground.ts';

/** Tables of what was measured, in Markdown. */
const MISSING = '-';

interface Column {
  readonly failure: string;
  readonly head: string;
}

const columns: readonly Column[] = [
  { failure: 'dark', head: 'link dark both ways' },
  { failure: 'one-way', head: 'link dark one way' },
  { failure: 'transit', head: 'router dark, traffic through it' },
  { failure: 'bystander', head: 'router dark, traffic beside it' },
];

/** Sorted ascending; what never came back is longer than anything. */
const gapsOf = (runs: readonly Run[]) => runs.map(({ gapMs }) => gapMs ?? Number.POSITIVE_INFINITY);

export function gapText(runs: readonly Run[], maxSeconds: number): string {
  const words = (ms: number) => (Number.isFinite(ms) ? duration(ms) : `> ${maxSeconds} s`);
  const gaps = gapsOf(runs);
  const [middle, worst] = [words(percentile(gaps, 0.5)), words(Math.max(...gaps))];
  return `${middle === worst ? middle : `${middle}, worst ${worst}`} (${runs.length})`;
}

/** Median gap of somebody divided by ours; a gap without an end counts as the end of patience, so the ratio is at least that. */
export function ratio(ours: readonly Run[], theirs: readonly Run[], maxSeconds: number): string {
  const own = percentile(gapsOf(ours), 0.5);
  const other = percentile(gapsOf(theirs), 0.5);
  const isEndless = !Number.isFinite(other);
  return `${isEndless ? '> ' : ''}${Math.round((isEndless ? maxSeconds * 1000 : other) / own)}`;
}

export class FailoverPage {
  readonly #cells: readonly Cell[];
  readonly #contenders: readonly Contender[];
  readonly #maxSeconds: number;

  constructor(cells: readonly Cell[], contenders: readonly Contender[], maxSeconds: number) {
    this.#cells = cells;
    this.#contenders = contenders;
    this.#maxSeconds = maxSeconds;
  }

  toString(): string {
    return [this.#gaps(), this.#losses(), this.#ways(), this.#ratios(), this.#notes()].join('\n\n');
  }

  #of(contender: Contender, failure: string): readonly Run[] | null | undefined {
    return this.#cells.find(
      (cell) =>
        cell.name === contender.name && cell.setting === contender.setting && cell.failure === failure,
    )?.runs;
  }

  #gaps(): string {
    const killed = (contender: Contender) =>
      contender.daemons
        .map((daemon) => [daemon, this.#of(contender, `killed-${daemon}`)] as const)
        .flatMap(([daemon, runs]) => (runs ? [`${daemon}: ${gapText(runs, this.#maxSeconds)}`] : []))
        .join('; ') || MISSING;
    const cell = (contender: Contender, failure: string) => {
      const runs = this.#of(contender, failure);
      if (runs === null) return 'no way round';
      return runs ? gapText(runs, this.#maxSeconds) : MISSING;
    };
    const rows = this.#contenders.map((one) => [
      title(one),
      ...columns.map(({ failure }) => cell(one, failure)),
      killed(one),
    ]);
    const quoted = [
      'the reference product, as its vendor says',
      'about 2 min; "under 30 s" tuned',
      '',
      '',
      '',
      '',
    ];
    return `Longest gap, median and worst (runs):\n\n${table(
      ['', ...columns.map(({ head }) => head), 'a daemon of router 1 killed'],
      [...rows, quoted],
    )}`;
  }

  #losses(): string {
    const share = (runs: readonly Run[] | null | undefined) =>
      runs
        ? `${(
            100 *
              percentile(
                runs.map((run) => run.lostShare),
                0.5,
              )
          ).toFixed(1)} %`
        : MISSING;
    const lost = (runs: readonly Run[] | null | undefined) =>
      runs
        ? String(
            percentile(
              runs.map((run) => run.lost),
              0.5,
            ),
          )
        : MISSING;
    const rows = this.#contenders.map((one) => [
      title(one),
      share(this.#of(one, 'loss')),
      lost(this.#of(one, 'dark')),
      lost(this.#of(one, 'one-way')),
    ]);
    const head = [
      '',
      '30 % loss on the link: lost in 60 s',
      'link dark: packets lost',
      'one way: packets lost',
    ];
    return `Lost (median; Meshwright's probe sends every 5 ms, the others' every 20 ms):\n\n${table(head, rows)}`;
  }

  #ways(): string {
    const back = (runs: readonly Run[] | null | undefined) => {
      if (!runs) return MISSING;
      const times = runs.map(({ backMs }) => backMs ?? Number.POSITIVE_INFINITY);
      if (runs.every(({ gapMs }) => gapMs === null))
        return `as soon as it is healed (${duration(Math.min(...times))})`;
      const middle = percentile(times, 0.5);
      const time = Number.isFinite(middle) ? duration(middle) : 'never by itself';
      const lost = runs.flatMap(({ lostBack }) => lostBack ?? []);
      return `${time}${lost.length > 0 ? `; ${percentile(lost, 0.5)}` : ''}`;
    };
    const rows = this.#contenders.map((one) => [
      title(one),
      ...['dark', 'one-way', 'loss'].map((failure) => back(this.#of(one, failure))),
    ]);
    const head = ['', 'after a dark link', 'after one way', 'after loss'];
    return `From the healing to the direct way, and packets lost on the way back (medians):\n\n${table(head, rows)}`;
  }

  #ratios(): string {
    const us = this.#contenders[0]!;
    const rows = this.#contenders.slice(1).map((one) => {
      const cells = ['dark', 'one-way', 'transit'].map((failure) => {
        const [ours, theirs] = [this.#of(us, failure), this.#of(one, failure)];
        return ours && theirs ? ratio(ours, theirs, this.#maxSeconds) : MISSING;
      });
      return [title(one), ...cells, one.setting === 'defaults' ? '50' : '10'];
    });
    const head = ['their median gap / ours', 'link dark', 'one way', 'router dark', 'goal'];
    return table(head, rows);
  }

  #notes(): string {
    return this.#contenders.map((one) => `- ${title(one)}: ${one.note}.`).join('\n');
  }
}
