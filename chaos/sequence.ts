import type { Blow, Fault } from './fault.ts';
import { Random } from './random.ts';

export interface Case {
  readonly seed: number;
  readonly size: number;
  readonly index: number;
  readonly fault: string;
  readonly blow: Blow;
}

/**
 * A case follows from seed, size and index alone, so that one can be repeated without those before it. Faults come in
 * rounds, each with every fault once in an order of its own: a short run meets as many different ones as it can.
 */
export function caseAt(all: readonly Fault[], seed: number, size: number, index: number): Case {
  const faults = all.filter(({ minimum }) => minimum <= size);
  const round = Math.floor(index / faults.length);
  const fault = new Random(seed, size, 'round', round).shuffled(faults)[index % faults.length]!;
  return {
    seed,
    size,
    index,
    fault: fault.name,
    blow: fault.pick(new Random(seed, size, 'case', index), size),
  };
}

/** The words that repeat exactly this case. */
export function repetition({ seed, size, index }: Case, only: string | null): string {
  const chosen = only === null ? '' : ` --fault ${only}`;
  return `./meshwright chaos --seed ${seed} --controllers ${size}${chosen} --from ${index} --cases 1`;
}
