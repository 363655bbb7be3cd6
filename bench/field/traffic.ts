import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { sleep, until } from '../../src/lab/program.ts';
import { UdpProbe } from '../support.ts';
import type { Ground } from './ground.ts';
import { parseNetDev } from './net-dev.ts';

/** Where the probe's packets were in one look: how many a second arrived, and how many were sent towards each router. */
interface Look {
  readonly arrived: number;
  readonly towards: ReadonlyMap<number, number>;
}

const LOOK_MS = 500;
/** Share of the probe's packets that counts as all of them, or as those that take a way. */
const NEARLY_ALL = 0.9;
const MOST = 0.5;

/**
 * The probe from host 1 to host 2 and the way that it takes, told by the packet counters of host 2 and of the underlay's
 * bridge: nobody is asked who may be wrong about it, and looking starts no program. What went to the routers before the probe
 * began is the contender's own.
 */
export class Traffic {
  readonly probe: UdpProbe;
  readonly perSecond: number;
  readonly #look: () => Promise<Look>;
  readonly #quiet: Look;
  readonly #watchers: readonly ChildProcess[];

  private constructor(
    probe: UdpProbe,
    intervalMs: number,
    looking: () => Promise<Look>,
    quiet: Look,
    watchers: readonly ChildProcess[],
  ) {
    this.probe = probe;
    this.perSecond = 1000 / intervalMs;
    this.#look = looking;
    this.#quiet = quiet;
    this.#watchers = watchers;
  }

  static async open(ground: Ground, intervalMs: number): Promise<Traffic> {
    const host = await watcher(ground.plan(2).siteNamespace);
    const bridge = await watcher(ground.underlay);
    const quiet = await look(ground.size, host, bridge, 2000);
    const target = { namespace: ground.plan(2).siteNamespace, address: ground.plan(2).siteHost };
    const probe = await UdpProbe.between(ground.plan(1).siteNamespace, target, { intervalMs });
    return new Traffic(probe, intervalMs, () => look(ground.size, host, bridge, LOOK_MS), quiet, [
      host,
      bridge,
    ]);
  }

  async close(): Promise<void> {
    await this.probe.stop();
    for (const one of this.#watchers) one.kill();
  }

  /** Returns when all packets have arrived for two seconds, and how long ago that began; null when that takes too long. */
  async untilFlowing(withinMs: number): Promise<number | null> {
    return this.#untilSteady(withinMs, (look) => look.arrived >= NEARLY_ALL * this.perSecond);
  }

  /** The same for the direct way. */
  async untilDirect(withinMs: number): Promise<number | null> {
    return this.#untilSteady(
      withinMs,
      (look) => look.arrived >= NEARLY_ALL * this.perSecond && this.#via(look) === null,
    );
  }

  /** The router that the probe goes through now; null when it goes from router 1 to router 2. */
  async via(): Promise<number | null> {
    return this.#via(await this.#look());
  }

  #via({ towards }: Look): number | null {
    for (const [id, rate] of towards) {
      if (id > 2 && rate - (this.#quiet.towards.get(id) ?? 0) > MOST * this.perSecond) return id;
    }
    return null;
  }

  async #untilSteady(withinMs: number, isTrue: (look: Look) => boolean): Promise<number | null> {
    const from = performance.now();
    let since = from;
    for (;;) {
      if (!isTrue(await this.#look())) since = performance.now();
      const now = performance.now();
      if (now - since >= 4 * LOOK_MS) return since - from;
      if (since - from > withinMs) return null;
    }
  }
}

async function look(size: number, host: ChildProcess, bridge: ChildProcess, ms: number): Promise<Look> {
  const ids = Array.from({ length: size }, (_, index) => index + 1);
  const read = () => {
    const ports = counters(bridge);
    const towards = new Map(ids.map((id) => [id, ports.get(`c${id}`)!.sent]));
    return { arrived: counters(host).get('eth0')!.received, towards };
  };
  const before = read();
  const from = performance.now();
  await sleep(ms);
  const after = read();
  const seconds = (performance.now() - from) / 1000;
  return {
    arrived: (after.arrived - before.arrived) / seconds,
    towards: new Map(ids.map((id) => [id, (after.towards.get(id)! - before.towards.get(id)!) / seconds])),
  };
}

const counters = (process: ChildProcess) => parseNetDev(readFileSync(`/proc/${process.pid}/net/dev`, 'utf8'));

/** A process that does nothing in a namespace, through whose eyes its counters are read. */
async function watcher(namespace: string): Promise<ChildProcess> {
  const argv = [`--net=/run/netns/${namespace}`, 'sleep', 'infinity'];
  const child = spawn('nsenter', argv, { stdio: 'ignore' });
  const inode = statSync(`/run/netns/${namespace}`).ino;
  await until(`a process in ${namespace}`, () => statSync(`/proc/${child.pid}/ns/net`).ino === inode);
  return child;
}
