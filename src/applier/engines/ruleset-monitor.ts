import { StandingProgram } from '../standing-program.ts';

/** It says nothing when it has begun to listen. */
const LISTENS_AFTER_MS = 2000;
/** News may be lost when they come faster than they are read: so often we look without any. */
const LOOK_ANYWAY_MS = 60_000;

/**
 * Listens to the kernel's news of the packet filter, of everybody's rules. Listing them takes a program, some of them twice, and
 * it is asked every few seconds whether they still are what we wrote.
 */
export class RulesetMonitor {
  readonly #program: StandingProgram;
  #news = 0;

  constructor(argv: readonly [string, ...string[]] = ['nft', 'monitor']) {
    this.#program = new StandingProgram(argv, (output) => output.on('data', () => this.#news++));
  }

  start(): void {
    this.#program.start();
  }

  stop(): void {
    this.#program.stop();
  }

  /** What was seen before a look still holds while this is the same as then. Null: nobody listens, so look. */
  mark(): string | null {
    const since = this.#program.runningSince;
    const listening = since === null ? 0 : performance.now() - since;
    if (listening < LISTENS_AFTER_MS) return null;
    return `${since} ${this.#news} ${Math.floor(listening / LOOK_ANYWAY_MS)}`;
  }
}

/** Whether something in the packet filter is as it should be: looks only when there was news since it last was. */
export class IntactRules {
  readonly #monitor: RulesetMonitor;
  readonly #look: () => Promise<boolean>;
  #intactAt: string | null = null;

  constructor(monitor: RulesetMonitor, look: () => Promise<boolean>) {
    this.#monitor = monitor;
    this.#look = look;
  }

  async ask(): Promise<boolean> {
    // Taken before the look: what changes meanwhile makes us look again.
    const mark = this.#monitor.mark();
    if (mark !== null && mark === this.#intactAt) return true;
    const isIntact = await this.#look();
    this.#intactAt = isIntact ? mark : null;
    return isIntact;
  }
}
