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
  /** The first few that are missing, counted from the mark. */
  readonly missing: readonly number[];
  readonly duplicates: number;
  readonly longestGapMs: number;
}

/**
 * A UDP probe from one site host to another, for as many measurements as one likes: `mark`, something happens, `figures`.
 * Under real-time priority, because it measures the path and not the machine.
 */
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

  /** Counting begins anew with the next packet. */
  async mark(): Promise<void> {
    const sent = await ask<number>(this.#sender, 'sent');
    await ask(this.#receiver, `mark ${sent}`);
  }

  /** Since the mark, or the first packet that came. What was sent until now and is not there a moment later is lost. */
  async figures(): Promise<ProbeResult> {
    const sent = await ask<number>(this.#sender, 'sent');
    await sleep(200);
    return ask<ProbeResult>(this.#receiver, `figures ${sent}`);
  }

  /** The figures since the last lap, up to the last packet that came; the probe goes on, and so does a gap. */
  lap(): Promise<ProbeResult> {
    return ask<ProbeResult>(this.#receiver, 'lap');
  }

  /** Ends the probe. */
  async stop(): Promise<ProbeResult> {
    const figures = await this.figures();
    this.#sender.kill();
    this.#receiver.kill();
    return figures;
  }
}

/**
 * Starts one end of a probe. It gets its priority when it is ready: Node's start takes a CPU for a third of a second, which under
 * real-time priority would keep packets of others from being delivered, and look like links that failed.
 */
async function ready(namespace: string, args: readonly string[]): Promise<ChildProcess> {
  const argv = [`--net=/run/netns/${namespace}`, process.execPath, probeFile, ...args];
  const probe = spawn('nsenter', argv, { stdio: ['pipe', 'pipe', 'ignore'] });
  await line(probe);
  await run(['chrt', '--rr', '--pid', '3', String(probe.pid)]);
  return probe;
}

async function ask<T>(probe: ChildProcess, question: string): Promise<T> {
  const answer = line(probe);
  probe.stdin!.write(`${question}\n`);
  return JSON.parse(await answer) as T;
}

function line(probe: ChildProcess): Promise<string> {
  return new Promise((resolve) => probe.stdout!.once('data', (chunk: Buffer) => resolve(chunk.toString())));
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

/** Traffic between two controllers goes over their own link, both ways. */
export async function untilDirect(lab: Lab, a: number, b: number): Promise<void> {
  const isDirect = async (id: number, to: number) =>
    (await status(lab, id)).members.find((member) => member.id === to)?.path.kind === 'direct';
  const isDirectBothWays = async () => (await isDirect(a, b)) && (await isDirect(b, a));
  const waited = await until('traffic is direct', isDirectBothWays, 90_000, 500);
  if (waited > 5000) console.log(`  waited ${(waited / 1000).toFixed(0)} s for the direct way`);
}

/**
 * The detection that `auto` earns by some calm minutes, on every link of a small mesh: what a mesh has that was not set
 * up a moment ago. A machine that is too busy for the quickest is measured as it is.
 */
export async function calm(lab: Lab): Promise<void> {
  const slowest = async () => {
    const pictures = await Promise.all(lab.state.controllers.map(({ id }) => status(lab, id)));
    return Math.max(...pictures.flatMap(({ links }) => links.map(({ bfd }) => bfd.timeout_ms ?? 1000)));
  };
  // Seldom: what is asked too often has no calm minute.
  const isQuick = async () => (await slowest()) <= 60;
  await until('calm minutes have made detection quick', isQuick, 420_000, 15_000).catch(() => undefined);
  console.log(`  links are given up after ${await slowest()} ms`);
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
