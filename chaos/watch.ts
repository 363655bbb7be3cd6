import type { Client } from '../src/cli/client.ts';
import type { Lab } from '../src/lab/lab.ts';
import { attempt } from '../src/lab/program.ts';
import type { MeshStatus } from '../src/observe/mesh-status.ts';
import type { ControllerId } from '../src/topology/controller-id.ts';
import { linkAddress } from '../src/topology/link-address.ts';
import { type Echoes, longestSilence } from './echoes.ts';
import { Prober } from './prober.ts';
import { parseTable, type Route } from './tables.ts';
import type { Statement } from './truth.ts';

const STATUS_EVERY_MS = 1000;
/** A prober that began a moment ago has not asked often enough to refute anybody. */
const PROBER_SETTLES_MS = 2000;
/** From more controllers than this on, the two CPUs are short of time for whoever watches. */
const LARGE = 5;

/** All routing tables and addresses at about one moment. */
export interface Snapshot {
  readonly at: number;
  readonly tables: ReadonlyMap<number, readonly Route[]>;
  /** What stands on each controller's `lo`. */
  readonly addresses: ReadonlyMap<number, readonly string[]>;
}

/** What is known of a member for good: its own address and the networks behind it. */
export interface Membership {
  readonly vip: string | null;
  readonly owned: ReadonlyMap<number, readonly string[]>;
}

/** Looks at a lab from all sides, all the time: packets, statements of status, tables. */
export class Watch {
  readonly #lab: Lab;
  readonly #sites = new Map<number, Prober>();
  readonly #links = new Map<number, Prober>();
  /** From this machine to itself: nothing of ours is on the way, so its silence is the machine's own. */
  readonly #control: Prober;
  readonly #clients = new Map<number, Client>();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly intervalMs: number;
  readonly statements: Statement[] = [];
  readonly snapshots: Snapshot[] = [];
  readonly statuses = new Map<number, MeshStatus>();
  /** When each of them came, by our clock: a controller may have another one. */
  readonly heardAt = new Map<number, number>();

  constructor(lab: Lab) {
    this.#lab = lab;
    const { plans } = lab;
    // Two CPUs carry probes and mesh: what a large topology is asked grows with the square of its size.
    this.intervalMs = plans.length <= 3 ? 20 : plans.length <= LARGE ? 50 : 500;
    this.#control = new Prober(null, new Map([['127.0.0.1', 0]]), this.intervalMs);
    for (const plan of plans) {
      const others = plans.filter(({ id }) => id !== plan.id && this.#askerOf(plan.id, id) === plan.id);
      if (others.length === 0) continue;
      const sites = new Map(others.map(({ id, siteHost }) => [siteHost, id]));
      const ends = new Map(
        others.map(({ id }) => [linkAddress(id as ControllerId, plan.id as ControllerId), id]),
      );
      this.#sites.set(plan.id, new Prober(plan.siteNamespace, sites, this.intervalMs));
      this.#links.set(plan.id, new Prober(plan.namespace, ends, Math.max(100, this.intervalMs)));
    }
  }

  start(): void {
    for (const prober of this.#probers) prober.start();
    for (const { id } of this.#lab.plans) this.#every(STATUS_EVERY_MS, () => this.#ask(id));
    const size = this.#lab.plans.length;
    this.#every(size <= LARGE ? 1000 : 3000, () => this.#photograph());
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
    for (const prober of this.#probers) prober.stop();
  }

  get #probers(): Prober[] {
    return [this.#control, ...this.#sites.values(), ...this.#links.values()];
  }

  siteEchoes(from: number, to: number): Echoes {
    const asker = this.#askerOf(from, to);
    return this.#sites.get(asker)!.echoes(asker === from ? to : from);
  }

  linkEchoes(by: number, peer: number): Echoes {
    const asker = this.#askerOf(by, peer);
    return this.#links.get(asker)!.echoes(asker === by ? peer : by);
  }

  /** Who of two asks: each for itself, or in a large topology one for both, since an echo needs both directions anyway. */
  #askerOf(one: number, other: number): number {
    return this.#lab.plans.length > LARGE ? Math.min(one, other) : one;
  }

  /** How much longer than its rhythm the machine was silent to itself. */
  stallMs(from: number, to: number): number {
    return Math.max(0, longestSilence(this.#control.echoes(0), from, to).ms - this.intervalMs);
  }

  circles(from: number, to: number): string[] {
    return this.#probers.flatMap(({ circles }) =>
      circles.filter(({ at }) => at >= from && at <= to).map(({ text }) => text),
    );
  }

  /** The longest detection time that any controller shows for a link. */
  get detectionMs(): number {
    const links = [...this.statuses.values()].flatMap((status) => status.links);
    return Math.max(0, ...links.map(({ bfd }) => bfd.timeout_ms ?? 0));
  }

  /** Calls again and again, and never before the last call has ended. */
  #every(ms: number, work: () => Promise<void>): void {
    let busy = false;
    const turn = () => {
      if (busy) return;
      busy = true;
      void work()
        .catch(() => undefined)
        .finally(() => {
          busy = false;
        });
    };
    this.#timers.push(setInterval(turn, ms));
  }

  async #ask(id: number): Promise<void> {
    const others = this.#lab.plans.filter((one) => one.id !== id);
    const status = await this.#status(id);
    const at = Date.now();
    if (status) {
      this.statuses.set(id, status);
      this.heardAt.set(id, at);
    }
    for (const { id: peer } of others) {
      const since = this.#links.get(this.#askerOf(id, peer))!.runsSince;
      const counts = status !== null && since !== null && at - since >= PROBER_SETTLES_MS;
      const link = counts ? status.links.find((one) => one.peer === peer) : undefined;
      this.statements.push({
        at,
        by: id,
        peer,
        state: link?.state ?? null,
        detectionMs: link?.bfd.timeout_ms ?? null,
        grounds: link ? `BFD ${link.bfd.state}, BGP ${link.bgp.state}` : '',
      });
    }
  }

  /** By the control socket: passwords cost a tenth of a second of CPU each. */
  async #status(id: number): Promise<MeshStatus | null> {
    try {
      const client = this.#clients.get(id) ?? this.#lab.local(id);
      this.#clients.set(id, client);
      return await client.get<MeshStatus>('/mesh', { timeoutMs: 900 });
    } catch {
      // The socket is found by the machine's first process, which is another one after a power cut.
      this.#clients.delete(id);
      return null;
    }
  }

  async #photograph(): Promise<void> {
    const powered = this.#lab.state.controllers.filter((one) => one.powered).map(({ id }) => id);
    const at = Date.now();
    const ip = async (id: number, ...argv: string[]) =>
      (await attempt(['ip', '-n', this.#lab.plan(id).namespace, '-4', '-j', ...argv])).stdout;
    const seen = await Promise.all(
      powered.map(async (id) => {
        const table = parseTable(await ip(id, 'route', 'show', 'table', '1195'));
        const lo = JSON.parse((await ip(id, 'address', 'show', 'dev', 'lo')) || '[]') as {
          addr_info?: { local: string }[];
        }[];
        return { id, table, addresses: lo.flatMap((one) => one.addr_info ?? []).map(({ local }) => local) };
      }),
    );
    this.snapshots.push({
      at,
      tables: new Map(seen.map(({ id, table }) => [id, table])),
      addresses: new Map(seen.map(({ id, addresses }) => [id, addresses])),
    });
  }

  /** Read when all is well, because a controller that is off cannot say what is its own. */
  membership(): Membership {
    const statuses = [...this.statuses.values()];
    return {
      vip: statuses[0]?.controller.vip ?? null,
      owned: new Map(
        this.#lab.plans.map(({ id, siteSubnet }) => [
          id,
          [siteSubnet, this.statuses.get(id)?.controller.overlay_ipaddress ?? ''],
        ]),
      ),
    };
  }
}
