import { readFileSync } from 'node:fs';

/**
 * Looking costs CPU by itself, and a failure makes us look many times in a second: what a look just used must not be taken
 * for the state of the machine.
 */
const WINDOW_MS = 10_000;
const SAMPLE_MS = 1000;

export interface CpuTimes {
  /** Since boot, of all cores, in any one unit. */
  readonly idle: number;
  readonly total: number;
}

interface Sample extends CpuTimes {
  readonly at: number;
}

/** Share of all cores that was idle in the last ten seconds, 0..1, however often it is asked. */
export class CpuMeter {
  readonly #times: () => CpuTimes;
  readonly #clock: () => number;
  #samples: Sample[];

  /** `clock` in ms, of any clock that only goes forward. */
  constructor(times: () => CpuTimes = machineTimes, clock: () => number = () => performance.now()) {
    this.#times = times;
    this.#clock = clock;
    this.#samples = [this.#sample()];
  }

  read(): number {
    const now = this.#sample();
    const isDue = now.at - this.#samples.at(-1)!.at >= SAMPLE_MS;
    if (isDue) {
      // The youngest of those that are older than the window stays: it is where the window begins.
      const begins = this.#samples.findLastIndex(({ at }) => now.at - at >= WINDOW_MS);
      this.#samples = [...this.#samples.slice(Math.max(0, begins)), now];
    }
    const [oldest] = this.#samples as [Sample];
    const total = now.total - oldest.total;
    const share = total > 0 ? (now.idle - oldest.idle) / total : 1;
    return Math.round(share * 1000) / 1000;
  }

  #sample(): Sample {
    return { at: this.#clock(), ...this.#times() };
  }
}

/** The first line of the kernel's statistics, of all cores together, in ticks: proc_stat(5). */
function machineTimes(): CpuTimes {
  const line = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0]!;
  const [user, nice, system, idle, wait, irq, softirq, stolen] = line.split(/\s+/).slice(1).map(Number);
  const idling = idle! + wait!;
  return { idle: idling, total: user! + nice! + system! + irq! + softirq! + stolen! + idling };
}
