import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Lab } from '../src/lab/lab.ts';
import { type Part, partOf } from '../src/lab/processes.ts';
import { sleep } from './support.ts';

/** What a lab takes from the machine that it runs on. */

export function availableMegabytes(): number {
  return Number(/MemAvailable:\s+(\d+)/.exec(readFileSync('/proc/meminfo', 'utf8'))![1]) / 1024;
}

/** Private memory (RssAnon) of one part, of the controller where it has most. */
export function privateMegabytes(lab: Lab, part: Part): number {
  return Math.max(...pids(lab, [part]).map(anonymousMegabytes));
}

export interface IdleCost {
  /** Controller and applier of one machine with the programs that they ran, in % of one core: mean of all machines. */
  readonly ownPercent: number;
  /** All cores, everything that runs, in % of them. */
  readonly machinePercent: number;
}

/** What is used while nobody does anything. */
export async function idleCost(lab: Lab, seconds: number): Promise<IdleCost> {
  const [from, own, all] = [performance.now(), ownSeconds(lab), machineTimes()];
  await sleep(seconds * 1000);
  const measured = (performance.now() - from) / 1000;
  const now = machineTimes();
  return {
    ownPercent: ((ownSeconds(lab) - own) / measured / lab.state.size) * 100,
    machinePercent: (1 - (now.idle - all.idle) / (now.total - all.total)) * 100,
  };
}

function pids(lab: Lab, parts: readonly Part[]): number[] {
  return lab.plans
    .flatMap(({ id }) => {
      const running = lab.processes(id);
      return parts.flatMap((part) => partOf(running, part));
    })
    .map(({ pid }) => pid);
}

function anonymousMegabytes(pid: number): number {
  return Number(/RssAnon:\s+(\d+)/.exec(processFile(pid, 'status'))?.[1] ?? 0) / 1024;
}

/** Empty when it has ended: a program that is about to start still looks like the process that starts it. */
function processFile(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}

/** CPU seconds of all controllers and appliers so far, with the programs that they ran. */
function ownSeconds(lab: Lab): number {
  return pids(lab, ['controller', 'applier'])
    .map((pid) => processFile(pid, 'stat').split(') ')[1]?.split(' ') ?? [])
    .reduce(
      (sum, fields) => sum + fields.slice(11, 15).reduce((ticks, field) => ticks + Number(field), 0) / 100,
      0,
    );
}

function machineTimes(): { idle: number; total: number } {
  const times = cpus().map((core) => core.times);
  const idle = times.reduce((sum, core) => sum + core.idle, 0);
  const total = times.reduce((sum, core) => sum + core.idle + core.user + core.nice + core.sys + core.irq, 0);
  return { idle, total };
}
