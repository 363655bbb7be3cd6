import { parseArgs } from 'node:util';
import { faults } from './faults/all.ts';

export interface Options {
  readonly seed: number;
  readonly sizes: readonly number[];
  /** The first case of the sequence, and how many of them at most. */
  readonly from: number;
  readonly cases: number;
  readonly minutes: number;
  readonly fault: string | null;
  readonly json: string | null;
  readonly document: boolean;
  readonly list: boolean;
}

/** The command line of this program; `src/cli/commands/chaos.ts` has the same options and explains them. */
export function parseOptions(argv: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      seed: { type: 'string', default: '1' },
      controllers: { type: 'string', default: '3' },
      from: { type: 'string', default: '0' },
      cases: { type: 'string' },
      minutes: { type: 'string' },
      fault: { type: 'string' },
      json: { type: 'string' },
      document: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
    },
  });
  const sizes = values.controllers.split(',').map((text) => whole('--controllers', text));
  if (sizes.some((size) => size < 2 || size > 10))
    throw new Error(`--controllers: a mesh has 2 to 10, not ${values.controllers}`);
  if (values.fault !== undefined && !faults.some(({ name }) => name === values.fault))
    throw new Error(`--fault: ${values.fault} is none of ${faults.map(({ name }) => name).join(', ')}`);
  const minutes =
    values.minutes === undefined ? Number.POSITIVE_INFINITY : whole('--minutes', values.minutes);
  // Without any limit a run has one round: every fault once.
  const round =
    values.fault !== undefined ? 1 : minutes === Number.POSITIVE_INFINITY ? faults.length : minutes * 60;
  return {
    seed: whole('--seed', values.seed),
    sizes,
    from: whole('--from', values.from),
    cases: values.cases === undefined ? round : whole('--cases', values.cases),
    minutes,
    fault: values.fault ?? null,
    json: values.json ?? null,
    document: values.document,
    list: values.list,
  };
}

function whole(option: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${option}: a whole number is needed, not ${text}`);
  return Number(text);
}
