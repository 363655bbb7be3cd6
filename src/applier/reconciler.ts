import { createHash } from 'node:crypto';
import type { Observed } from '../desired/observed.ts';
import type { ApplierEvent } from '../desired/protocol.ts';
import type { DesiredState } from '../desired/state.ts';
import { contains, parseCidr, parseIpv4 } from '../net/ipv4.ts';
import { loadApplied, saveApplied } from './applied-file.ts';
import { Bird } from './engines/bird.ts';
import { BirdWatch } from './engines/bird-watch.ts';
import { Clients } from './engines/clients.ts';
import { applyKernel, keepKernel } from './engines/kernel.ts';
import { Links } from './engines/links.ts';
import { Probe } from './engines/probe.ts';
import { RouteMonitor } from './engines/route-monitor.ts';
import { applyTimeServers } from './engines/time.ts';
import { Observer } from './observe.ts';
import type { Services } from './services/service.ts';

/** How often the machine's own routes and the engines are looked at without being asked. */
const UPKEEP_MS = 5000;

/**
 * Makes the machine equal to one desired state at a time. Applies queue up behind each other, every step is
 * idempotent, and what was applied last is on disk before the answer goes out.
 */
export class Reconciler {
  readonly #links: Links;
  readonly #bird: Bird;
  readonly #clients: Clients;
  readonly #probe = new Probe();
  readonly #observer: Observer;
  readonly #watch: BirdWatch;
  readonly #routes: RouteMonitor;
  #state: DesiredState | null = null;
  /** What was on disk at the start, until it or something newer is in force. */
  #toRestore: DesiredState | null = null;
  #lastError: string | null = null;
  #queue: Promise<unknown> = Promise.resolve();
  #upkeep: NodeJS.Timeout | null = null;

  constructor(services: Services, kernelWireguard: boolean, onEvent: (event: ApplierEvent) => void) {
    this.#links = new Links(services, kernelWireguard);
    this.#bird = new Bird(services);
    this.#clients = new Clients(services, this.#bird);
    this.#observer = new Observer(services, this.#bird, this.#probe, this.#clients);
    this.#watch = new BirdWatch((peer, state) => {
      this.#probe.setUp(peer, state === 'up');
      onEvent({ event: 'bgp', at: Date.now(), peer, state });
    });
    this.#routes = new RouteMonitor((address) => {
      if (this.#isClient(address)) onEvent({ event: 'client', at: Date.now(), peer: null, state: address });
    });
  }

  /** Restores the last applied state: this is how a machine comes back from a reboot with nobody to ask. */
  async start(): Promise<void> {
    this.#toRestore = loadApplied();
    await this.#enqueue(() => this.#keepUp()).catch((error: Error) =>
      console.error(`restore failed: ${error.message}`),
    );
    this.#watch.start();
    this.#routes.start();
    this.#upkeep = setInterval(
      () => void this.#enqueue(() => this.#keepUp()).catch(() => undefined),
      UPKEEP_MS,
    );
  }

  stop(): void {
    if (this.#upkeep) clearInterval(this.#upkeep);
    this.#watch.stop();
    this.#routes.stop();
    this.#clients.stop();
    this.#probe.stop();
  }

  apply(state: DesiredState): Promise<void> {
    return this.#enqueue(() => {
      this.#toRestore = null;
      return this.#makeReal(state);
    });
  }

  async #makeReal(state: DesiredState): Promise<void> {
    try {
      await applyKernel(state);
      await this.#links.apply(state);
      await this.#bird.apply(state);
      await this.#clients.apply(state);
      this.#lastError = null;
    } catch (error) {
      this.#lastError = (error as Error).message;
      throw error;
    }
    if (digestOf(state) !== digestOf(this.#state)) saveApplied(state);
    this.#state = state;
    this.#probe.update(state.links);
    this.#observer.forget();
    // The clock is no reason to hold back the mesh; the controller sees the error and asks again.
    await applyTimeServers(state.ntpHosts).catch((error: Error) => {
      this.#lastError = `time servers: ${error.message}`;
    });
  }

  observe(): Promise<Observed> {
    return this.#observer.observe(this.#state, digestOf(this.#state), this.#lastError);
  }

  disconnect(address: string): Promise<boolean> {
    return this.#enqueue(async () => (this.#state ? this.#clients.disconnect(this.#state, address) : false));
  }

  #isClient(address: string): boolean {
    const subnet = parseCidr(this.#state?.self.overlaySubnet ?? '');
    const host = parseIpv4(address);
    return subnet !== null && host !== null && contains(subnet, host);
  }

  /** A restore that failed is tried again here: nobody else may be there to ask for it. */
  async #keepUp(): Promise<void> {
    if (this.#toRestore) {
      await this.#makeReal(this.#toRestore);
      this.#toRestore = null;
    }
    if (!this.#state) return;
    await keepKernel(this.#state);
    await this.#links.apply(this.#state);
    await this.#bird.keep();
    await this.#clients.keep(this.#state);
  }

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }
}

function digestOf(state: DesiredState | null): string | null {
  return state ? createHash('sha256').update(JSON.stringify(state)).digest('hex') : null;
}
