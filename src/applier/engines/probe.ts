import { type ChildProcess, spawn } from 'node:child_process';
import type { ObservedLink } from '../../desired/observed.ts';
import type { DesiredLink } from '../../desired/state.ts';
import { Lines } from '../../lines.ts';
import { command } from '../command.ts';

/** Probes that the figures cover: a minute at one a second. */
const WINDOW = 60;
const INTERVAL_MS = 1000;
/** A black hole for large packets is rare and lasts: looking every half minute is enough. */
const MTU_INTERVAL_MS = 30_000;
/** IPv4 and ICMP headers. */
const ECHO_OVERHEAD = 28;

interface Samples {
  readonly peer: number;
  /** Round trips in milliseconds, null for a lost probe; newest last. */
  readonly rtts: (number | null)[];
  /** The same without the probes of an outage: a dark link says nothing about how many packets a lit one loses. */
  readonly whileUp: (number | null)[];
  /** Since when the link is up, by the clock that nobody sets; null while it is not. */
  upSince: number | null;
  answeredAt: number | null;
}

/**
 * Measures round trip, jitter and loss of every link with fping. The far side's kernel answers, so a dead Node
 * process over there does not read as loss; the figures are the path's.
 */
export class Probe {
  #samples = new Map<string, Samples>();
  #mtu = new Map<number, ObservedLink['mtuProbe']>();
  #links: readonly DesiredLink[] = [];
  #child: ChildProcess | null = null;
  #timer: NodeJS.Timeout | null = null;

  /** Probes these links from now on; figures of links that stay are kept. */
  update(links: readonly DesiredLink[]): void {
    const before = this.#links.map((link) => link.peerAddress).join();
    this.#links = links;
    if (links.map((link) => link.peerAddress).join() === before) return;
    const old = this.#samples;
    this.#samples = new Map(
      links.map((link) => [
        link.peerAddress,
        old.get(link.peerAddress) ?? {
          peer: link.peer,
          rtts: [],
          whileUp: [],
          upSince: null,
          answeredAt: null,
        },
      ]),
    );
    this.#restart();
    this.#timer ??= setInterval(() => void this.probeMtu(), MTU_INTERVAL_MS);
  }

  stop(): void {
    this.#links = [];
    this.#restart();
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }

  #restart(): void {
    this.#child?.removeAllListeners('exit');
    this.#child?.kill();
    this.#child = null;
    if (this.#links.length === 0) return;
    const targets = this.#links.map((link) => link.peerAddress);
    // All links at about the same moment: each answer that comes alone wakes this process.
    const timing = ['-l', '-i', '1', '-p', String(INTERVAL_MS), '-t', String(INTERVAL_MS - 100)];
    // Real-time like the engines: the figures are about the path, not about who else wants this CPU.
    const child = spawn('chrt', ['--rr', '5', 'fping', ...timing, ...targets], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.#child = child;
    const lines = new Lines();
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      for (const line of lines.add(chunk)) this.#read(line);
    });
    child.on('error', () => undefined);
    child.on('exit', () => setTimeout(() => this.#restart(), INTERVAL_MS));
  }

  #read(line: string): void {
    const match = /^(\S+)\s+: \[\d+\], (?:\d+ bytes, ([\d.]+) ms|(timed out))/.exec(line);
    const samples = match && this.#samples.get(match[1]!);
    if (!match || !samples) return;
    const rtt = match[2] === undefined ? null : Number(match[2]);
    if (rtt !== null) samples.answeredAt = Date.now();
    push(samples.rtts, rtt);
    // A probe that is reported lost now was sent up to an interval ago.
    const upFor = samples.upSince === null ? 0 : performance.now() - samples.upSince;
    if (upFor > INTERVAL_MS) push(samples.whileUp, rtt);
  }

  /** Tells whether the link carries traffic, so that an outage does not count as loss. */
  setUp(peer: number, isUp: boolean): void {
    const samples = this.#of(peer);
    if (samples) samples.upSince = isUp ? (samples.upSince ?? performance.now()) : null;
  }

  #of(peer: number): Samples | undefined {
    return [...this.#samples.values()].find((entry) => entry.peer === peer);
  }

  figures(peer: number): ObservedLink['probe'] {
    const samples = this.#of(peer);
    return figures(samples?.rtts ?? [], samples?.whileUp ?? [], samples?.answeredAt ?? null);
  }

  mtu(peer: number, size: number): ObservedLink['mtuProbe'] {
    const last = this.#mtu.get(peer);
    // What was found out about another size says nothing about this one.
    return last?.size === size ? last : { size, ok: null, at: null };
  }

  /** A full-size packet that may not be fragmented: BFD's small ones pass where this one does not. */
  async probeMtu(): Promise<void> {
    const sizes = Map.groupBy(this.#links, ({ mtu, routeMtu }) => Math.min(mtu, routeMtu));
    await Promise.all([...sizes].map(([size, links]) => this.#probeSize(size, links)));
  }

  async #probeSize(size: number, links: readonly DesiredLink[]): Promise<void> {
    const passed = await answering(links, size - ECHO_OVERHEAD);
    const others = links.filter(({ peerAddress }) => !passed.has(peerAddress));
    // Without an answer to a small packet a link is simply down, which says nothing about sizes.
    const alive = others.length > 0 ? await answering(others, 56) : new Set();
    for (const { peer, peerAddress } of links) {
      const ok = passed.has(peerAddress);
      if (ok || alive.has(peerAddress)) this.#mtu.set(peer, { size, ok, at: Date.now() });
    }
  }
}

/** Which far ends answer one of three packets of so many bytes. One program for all of them: starting it is what costs. */
async function answering(links: readonly DesiredLink[], bytes: number): Promise<Set<string>> {
  const argv = ['-q', '-a', '-M', '-b', String(bytes), '-r', '2', '-B', '1', '-t', '800'];
  const addresses = links.map(({ peerAddress }) => peerAddress);
  // 1 is its exit code when one of them does not answer.
  const text = await command('fping', [...argv, ...addresses], { answers: [1] }).catch(() => '');
  return new Set(text.split('\n').map((line) => line.trim()));
}

function push(list: (number | null)[], value: number | null): void {
  list.push(value);
  if (list.length > WINDOW) list.shift();
}

/**
 * Median round trip, mean difference between successive ones without the largest tenth (single spikes are the
 * scheduler's, not the path's), and shares of lost probes: of all, and of those sent while the link was up.
 */
export function figures(
  rtts: readonly (number | null)[],
  whileUp: readonly (number | null)[],
  answeredAt: number | null,
): ObservedLink['probe'] {
  const answered = rtts.filter((rtt): rtt is number => rtt !== null);
  const sorted = [...answered].sort((a, b) => a - b);
  const steps = answered
    .slice(1)
    .map((rtt, index) => Math.abs(rtt - answered[index]!))
    .sort((a, b) => a - b);
  const usual = steps.slice(0, Math.ceil(steps.length * 0.9));
  return {
    rttMs: sorted.length > 0 ? sorted[Math.floor(sorted.length / 2)]! : null,
    jitterMs: usual.length > 0 ? round(usual.reduce((sum, step) => sum + step, 0) / usual.length) : null,
    loss: share(rtts),
    window: rtts.length,
    lossWhileUp: share(whileUp),
    windowWhileUp: whileUp.length,
    answeredAt,
  };
}

function share(rtts: readonly (number | null)[]): number | null {
  return rtts.length > 0 ? round(rtts.filter((rtt) => rtt === null).length / rtts.length) : null;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
