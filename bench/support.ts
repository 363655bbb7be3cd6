import { type ChildProcess, spawn } from 'node:child_process';
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Lab } from '../src/lab/lab.ts';
import { run } from '../src/lab/program.ts';
import type { MeshStatus } from '../src/observe/mesh-status.ts';

/** What the benches share: probes between site hosts, waiting for states, and one way to print figures. */
export { sleep };

const probeFile = fileURLToPath(new URL('./udp-probe.ts', import.meta.url));

export interface ProbeResult {
  readonly received: number;
  readonly lost: number;
  readonly duplicates: number;
  readonly longestGapMs: number;
}

/** A UDP probe from one site host to another that runs until it is stopped. Under real-time priority: it measures the path. */
export class UdpProbe {
  readonly #receiver: ChildProcess;
  readonly #sender: ChildProcess;

  private constructor(receiver: ChildProcess, sender: ChildProcess) {
    this.#receiver = receiver;
    this.#sender = sender;
  }

  static async start(
    lab: Lab,
    from: number,
    to: number,
    options: { port?: number; intervalMs?: number } = {},
  ) {
    const { siteNamespace } = lab.plan(from);
    const target = { namespace: lab.plan(to).siteNamespace, address: lab.plan(to).siteHost };
    const probe = await UdpProbe.between(siteNamespace, target, options);
    await sleep(1500);
    return probe;
  }

  /** From one namespace to an address that another one has. */
  static async between(
    from: string,
    to: { readonly namespace: string; readonly address: string },
    options: { port?: number; intervalMs?: number } = {},
  ) {
    const port = String(options.port ?? 7000);
    const receiver = await ready(to.namespace, ['receive', port]);
    const target = [to.address, port, String(options.intervalMs ?? 5)];
    return new UdpProbe(receiver, await ready(from, ['send', ...target]));
  }

  /** Ends the probe; the last packets are given time to arrive. What was sent and is not there by then is lost. */
  async stop(): Promise<ProbeResult> {
    const { sent } = await words<{ sent: number }>(this.#sender, 'SIGTERM');
    await sleep(200);
    const { first, last: _, received, ...rest } = await words<Received>(this.#receiver, 'SIGTERM');
    return { ...rest, received, lost: sent - (first ?? 0) - received };
  }

  /** The figures since the last lap; the probe goes on. What is missing between two packets that arrived is lost. */
  async lap(): Promise<ProbeResult> {
    const { first, last, received, ...rest } = await words<Received>(this.#receiver, 'SIGUSR2');
    return { ...rest, received, lost: first === null || last === null ? 0 : last - first + 1 - received };
  }
}

/**
 * Starts one end of a probe. It gets its priority when it is ready: Node's start takes a CPU for a third of a second, which under
 * real-time priority would keep packets of others from being delivered, and look like links that failed.
 */
async function ready(namespace: string, args: readonly string[]): Promise<ChildProcess> {
  const argv = [`--net=/run/netns/${namespace}`, process.execPath, probeFile, ...args];
  const probe = spawn('nsenter', argv, { stdio: ['ignore', 'pipe', 'ignore'] });
  await new Promise((resolve) => probe.stdout.once('data', resolve));
  await run(['chrt', '--rr', '--pid', '3', String(probe.pid)]);
  return probe;
}

interface Received extends Omit<ProbeResult, 'lost'> {
  /** The first packet that arrived or, after a lap, that ought to; those before it were sent when there was no path yet. */
  readonly first: number | null;
  readonly last: number | null;
}

/** Reads the figures that a probe prints when it gets one of these signals. */
function words<T>(probe: ChildProcess, signal: 'SIGTERM' | 'SIGUSR2'): Promise<T> {
  return new Promise((resolve) => {
    probe.stdout!.once('data', (chunk: Buffer) => resolve(JSON.parse(chunk.toString()) as T));
    probe.kill(signal);
  });
}

export function inSite(
  lab: Lab,
  site: number,
  argv: readonly string[],
  stdout: 'pipe' | 'ignore',
): ChildProcess {
  return inNamespace(lab.plan(site).siteNamespace, argv, stdout);
}

export function inNamespace(
  namespace: string,
  argv: readonly string[],
  stdout: 'pipe' | 'ignore',
  stderr: 'pipe' | 'ignore' = 'ignore',
): ChildProcess {
  const enter = ['--rr', '3', 'nsenter', `--net=/run/netns/${namespace}`];
  return spawn('chrt', [...enter, ...argv], { stdio: ['ignore', stdout, stderr] });
}

export async function status(lab: Lab, id: number): Promise<MeshStatus> {
  return (await lab.api(id).get('/mesh')) as MeshStatus;
}

/** Polls until `isTrue` holds; throws with the description after `withinMs`. */
export async function until(
  what: string,
  isTrue: () => Promise<boolean>,
  withinMs = 30_000,
  everyMs = 100,
): Promise<number> {
  const from = performance.now();
  for (;;) {
    if (await isTrue().catch(() => false)) return performance.now() - from;
    if (performance.now() - from > withinMs) throw new Error(`not within ${withinMs} ms: ${what}`);
    await sleep(everyMs);
  }
}

/** All links of all controllers up, as their own status says. */
export function allUp(lab: Lab): () => Promise<boolean> {
  return async () => {
    const powered = lab.state.controllers.filter((one) => one.powered).map((one) => one.id);
    const pictures = await Promise.all(powered.map((id) => status(lab, id)));
    return pictures.every(
      (picture) =>
        picture.links.length >= powered.length - 1 && picture.links.every((link) => link.state !== 'down'),
    );
  };
}

/**
 * The detection that `auto` earns by two calm minutes, on every link of the mesh: what a mesh has that was not set
 * up a moment ago.
 */
export async function calm(lab: Lab): Promise<void> {
  const settled = async () => {
    const pictures = await Promise.all(lab.state.controllers.map(({ id }) => status(lab, id)));
    return pictures.every(({ links }) => links.every(({ bfd }) => (bfd.timeout_ms ?? 1000) <= 60));
  };
  // Seldom: what is asked too often has no calm minute.
  await until('two calm minutes have made detection quick', settled, 300_000, 10_000);
}

/** Times at which any link of any controller went down, from the events of all of them. */
export async function downEvents(lab: Lab, since: number): Promise<string[]> {
  const lists = await Promise.all(
    lab.state.controllers.map(async ({ id }) => {
      const events = (await lab.api(id).get('/mesh/events?limit=1000')) as {
        at: number;
        kind: string;
        text: string;
      }[];
      return events
        .filter((event) => event.kind === 'link_down' && event.at >= since)
        .map((event) => `${new Date(event.at).toISOString()} controller ${id}: ${event.text}`);
    }),
  );
  return lists.flat();
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export function summary(values: readonly number[], unit: string): string {
  const round = (value: number) => Math.round(value * 10) / 10;
  return `median ${round(median(values))} ${unit}, worst ${round(Math.max(...values))} ${unit} (${values.length} runs)`;
}

/** One line a figure, with the budget beside it, so that a reader sees at once what was kept. */
export function report(figure: string, measured: string, budget: string, isKept: boolean): void {
  console.log(`${isKept ? 'kept  ' : 'MISSED'}  ${figure}: ${measured}  [budget ${budget}]`);
  if (!isKept) process.exitCode = 1;
}

export function machine(): string {
  return `${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown CPU'}, Node ${process.version}`;
}
