import { cpus } from 'node:os';

/** Share of all cores that was idle since the last call, 0..1. */
export class CpuMeter {
  #idle = 0;
  #total = 0;

  read(): number {
    let idle = 0;
    let total = 0;
    for (const { times } of cpus()) {
      idle += times.idle;
      total += times.user + times.nice + times.sys + times.irq + times.idle;
    }
    const share = total > this.#total ? (idle - this.#idle) / (total - this.#total) : 1;
    this.#idle = idle;
    this.#total = total;
    return Math.round(share * 1000) / 1000;
  }
}
