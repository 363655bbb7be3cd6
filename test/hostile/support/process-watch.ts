import { readdirSync, readFileSync } from 'node:fs';

/** What the kernel shows to everybody of a process. */
export interface SeenProcess {
  readonly pid: string;
  readonly cmdline: string;
  readonly environ: string;
}

const LOOK_MS = 3;
/** Fields of `stat` behind the name of the program; this one counts page faults of children that have ended. */
const FAULTS_OF_CHILDREN = 8;

/** Notices every program that a process starts, and what the kernel shows of both. */
export class ProcessWatch {
  readonly #pid: string;
  readonly #seen = new Map<string, SeenProcess>();
  readonly #timer: NodeJS.Timeout;

  constructor(pid: number) {
    this.#pid = String(pid);
    this.#timer = setInterval(() => this.#look(this.#pid), LOOK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  own(): SeenProcess {
    return seen(this.#pid);
  }

  /** Every program that was seen running. */
  programs(): SeenProcess[] {
    this.#look(this.#pid);
    return [...this.#seen.values()];
  }

  /** More than nothing when any program has run and ended, however short: the kernel's own account of it. */
  faultsOfEndedPrograms(): number {
    const stat = readFileSync(`/proc/${this.#pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[FAULTS_OF_CHILDREN]);
  }

  #look(pid: string): void {
    for (const child of childrenOf(pid)) {
      if (!this.#seen.has(child)) this.#seen.set(child, seen(child));
      this.#look(child);
    }
  }
}

function childrenOf(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      read(`/proc/${pid}/task/${task}/children`).split(' ').filter(Boolean),
    );
  } catch {
    return [];
  }
}

const seen = (pid: string): SeenProcess => ({
  pid,
  cmdline: read(`/proc/${pid}/cmdline`),
  environ: read(`/proc/${pid}/environ`),
});

/** A process may end while one looks at it. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
