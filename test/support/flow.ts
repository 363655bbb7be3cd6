import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { run } from '../../src/lab/program.ts';
import type { TestLab } from './lab.ts';
import { until } from './until.ts';

const program = fileURLToPath(new URL('udp-echo.ts', import.meta.url));

export interface Figures {
  readonly sent: number;
  readonly answered: number;
  /** Sent more than a second ago and not answered. */
  readonly lost: number;
  readonly longestGapMs: number;
  readonly isLast: boolean;
}

/** UDP from one site host to another and back, all the time until `stop`. */
export class Flow {
  readonly #echo: ChildProcess;
  readonly #sender: ChildProcess;
  #figures: Figures = { sent: 0, answered: 0, lost: 0, longestGapMs: 0, isLast: false };

  constructor(echo: ChildProcess, sender: ChildProcess) {
    this.#echo = echo;
    this.#sender = sender;
    createInterface({ input: sender.stdout! }).on('line', (line) => {
      this.#figures = JSON.parse(line) as Figures;
    });
  }

  get figures(): Figures {
    return this.#figures;
  }

  /** Returns when packets that were sent from now on are answered. */
  async untilFlowing(within = 10): Promise<void> {
    const before = this.#figures;
    await until(
      'packets are answered',
      () =>
        this.#figures.answered >= before.answered + 10 ||
        Promise.reject(new Error(JSON.stringify(this.#figures))),
      { within, everyMs: 50 },
    );
  }

  async stop(): Promise<Figures> {
    this.#sender.stdin!.write('stop\n');
    await until('the last figures', () => this.#figures.isLast, { within: 5, everyMs: 20 });
    this.kill();
    return this.#figures;
  }

  kill(): void {
    this.#echo.kill('SIGKILL');
    this.#sender.kill('SIGKILL');
  }
}

const running = new Set<Flow>();

/** Ends flows that a failed test left behind; a site's processes would keep its namespace alive. */
export function stopFlows(): void {
  for (const flow of running) flow.kill();
  running.clear();
}

export async function startFlow(lab: TestLab, from: number, to: number, intervalMs = 10): Promise<Flow> {
  const port = String(20_000 + from * 100 + to);
  const inSite = (site: number, ...argv: string[]) =>
    spawn(
      'nsenter',
      [`--net=/run/netns/${lab.plan(site).siteNamespace}`, process.execPath, program, ...argv],
      { stdio: ['pipe', 'pipe', 'ignore'] },
    );
  const echo = await ready(inSite(to, 'echo', port));
  const sender = await ready(inSite(from, 'send', lab.plan(to).siteHost, port, String(intervalMs)));
  const flow = new Flow(echo, sender);
  running.add(flow);
  await flow.untilFlowing();
  return flow;
}

/**
 * Its start takes a CPU for a moment, and then it comes before ordinary programs: behind six of them that start at once on two
 * cores it would lose in its own buffer what the mesh has delivered.
 */
async function ready(end: ChildProcess): Promise<ChildProcess> {
  await once(end.stdout!, 'data');
  await run(['chrt', '--rr', '--pid', '3', String(end.pid)]);
  return end;
}
