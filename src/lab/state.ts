import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Impairment } from './impairment.ts';
import { lab } from './plan.ts';
import { sleep } from './program.ts';

export interface LabController {
  readonly id: number;
  /** The API password that the lab chose; null until it was set. */
  password: string | null;
  /** False after a power cut. */
  powered: boolean;
}

export interface LabState {
  /** `starting` until `lab up` has reached its end. */
  phase: 'starting' | 'up';
  /** Tells this lab from one that was started after it. */
  readonly id: string;
  /** The process that started it. While it lives, as a test does, nobody else ends the lab by mistake. */
  readonly owner: number;
  readonly size: number;
  /** Each machine runs on one core of this one, in turn. */
  readonly oneCore: boolean;
  readonly license: string;
  /** Whether the lab made the mount point /etc/meshwright and has to remove it. */
  readonly madeEtc: boolean;
  controllers: LabController[];
  impairments: Impairment[];
}

export function readState(): LabState | null {
  try {
    return JSON.parse(readFileSync(lab.stateFile, 'utf8')) as LabState;
  } catch {
    return null;
  }
}

/** The file holds passwords: only root may read it, from its first byte on. */
export function writeState(state: LabState): void {
  mkdirSync(lab.stateDirectory, { recursive: true, mode: 0o700 });
  const candidate = `${lab.stateFile}.${process.pid}`;
  writeFileSync(candidate, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(candidate, lab.stateFile);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** One command at a time changes the lab; a lock whose holder died is taken over. */
export async function locked<T>(work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    try {
      const file = openSync(lab.lockFile, 'wx', 0o600);
      writeFileSync(file, String(process.pid));
      closeSync(file);
      break;
    } catch {
      const holder = Number(readLock());
      if (holder > 0 && !isAlive(holder)) rmSync(lab.lockFile, { force: true });
      else if (Date.now() > deadline)
        throw new Error(`process ${holder} is changing the lab and does not finish`);
      else await sleep(50);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(lab.lockFile, { force: true });
  }
}

function readLock(): string {
  try {
    return readFileSync(lab.lockFile, 'utf8');
  } catch {
    return '';
  }
}
