import { createHash } from 'node:crypto';
import type { FirewallCheck, RuleCounter } from '../desired/firewall.ts';
import type { Observed } from '../desired/observed.ts';
import type { ApplierEvent } from '../desired/protocol.ts';
import type { DesiredState } from '../desired/state.ts';
import { withoutRevoked } from '../desired/without-revoked.ts';
import { contains, parseCidr, parseIpv4 } from '../net/ipv4.ts';
import { loadApplied, saveApplied } from './applied-file.ts';
import { Bird } from './engines/bird.ts';
import { BirdWatch } from './engines/bird-watch.ts';
import { Clients } from './engines/clients.ts';
import { IpShow } from './engines/ip-show.ts';
import { applyKernel, keepKernel, meshRoutes } from './engines/kernel.ts';
import { applyKernelIpv6, keepKernelIpv6 } from './engines/kernel-ipv6.ts';
import { Links } from './engines/links.ts';
import { Probe } from './engines/probe.ts';
import { RouteMonitor } from './engines/route-monitor.ts';
import { applyTimeServers } from './engines/time.ts';
import { peersReader } from './engines/wireguard-status.ts';
import { FirewallInForce } from './firewall-in-force.ts';
import { Observer } from './observe.ts';
import type { CheckRequest } from './server.ts';
import type { Services } from './services/service.ts';

/** How often the machine's own routes and the engines are looked at without being asked. */
const UPKEEP_MS = 5000;

/**
 * Makes the machine equal to one desired state at a time. Applies queue up behind each other, every step is
 * idempotent, and what was applied last is on disk before the answer goes out.
 */
export class Reconciler {
  readonly #ip = new IpShow();
  readonly #links: Links;
  readonly #bird: Bird;
  readonly #clients: Clients;
  readonly #probe = new Probe();
  readonly #observer: Observer;
  readonly #watch: BirdWatch;
  readonly #firewall: FirewallInForce;
  readonly #routes: RouteMonitor;
  #state: DesiredState | null = null;
  /** Digest of what a reboot would bring back. */
  #saved: string | null = null;
  /** What was on disk at the start, until it or something newer is in force. */
  #toRestore: DesiredState | null = null;
  #lastError: string | null = null;
  #queue: Promise<unknown> = Promise.resolve();
  #upkeep: NodeJS.Timeout | null = null;

  constructor(services: Services, kernelWireguard: boolean, onEvent: (event: ApplierEvent) => void) {
    this.#firewall = new FirewallInForce(onEvent, () => this.#keepUpSoon());
    this.#links = new Links(services, this.#ip, kernelWireguard);
    this.#bird = new Bird(services);
    const peers = peersReader(kernelWireguard);
    this.#clients = new Clients(services, this.#bird, this.#ip, peers);
    this.#observer = new Observer(services, this.#bird, this.#probe, this.#clients, this.#ip, peers);
    this.#watch = new BirdWatch((change) => {
      if (change.event === 'bfd') this.#probe.setUp(change.peer, change.state === 'Up');
      onEvent({ ...change, at: Date.now() });
    });
    this.#routes = new RouteMonitor(
      (address) => {
        if (this.#isClient(address)) onEvent({ event: 'client', at: Date.now(), peer: null, state: address });
      },
      () => void this.#enqueue(() => this.#tellClients()).catch(() => undefined),
    );
  }

  /** Restores the last applied state: this is how a machine comes back from a reboot with nobody to ask. */
  async start(): Promise<void> {
    this.#toRestore = loadApplied();
    await this.#enqueue(() => this.#keepUp()).catch((error: Error) =>
      console.error(`restore failed: ${error.message}`),
    );
    this.#watch.start();
    this.#routes.start();
    this.#firewall.start();
    this.#upkeep = setInterval(() => this.#keepUpSoon(), UPKEEP_MS);
  }

  stop(): void {
    if (this.#upkeep) clearInterval(this.#upkeep);
    this.#watch.stop();
    this.#routes.stop();
    this.#firewall.stop();
    this.#clients.stop();
    this.#probe.stop();
    this.#ip.stop();
  }

  apply(state: DesiredState): Promise<void> {
    return this.#enqueue(() => {
      this.#toRestore = null;
      return this.#makeReal(state);
    });
  }

  /**
   * Who may not stay goes first, whatever becomes of the rest. Then rules: what they refuse leaves everything else as it
   * is. A restore has nobody to hand the refusal to, and a mesh without rules is better than none: it goes on
   * (`isRestore`) and fails at the end.
   */
  async #makeReal(state: DesiredState, isRestore = false): Promise<void> {
    let refusal: Error | null = null;
    let withoutIpv6: string | null = null;
    try {
      await this.#revoke(state);
      refusal = await this.#firewall.apply(state, isRestore);
      await applyKernel(state, this.#ip);
      await this.#links.apply(state);
      withoutIpv6 = await troubleOf(applyKernelIpv6(state));
      await this.#bird.apply(state);
      await this.#clients.apply(state);
      this.#lastError = withoutIpv6;
    } catch (error) {
      this.#lastError = (error as Error).message;
      throw error;
    }
    this.#state = state;
    this.#probe.update(state.links);
    this.#observer.forget();
    // The clock is no reason to hold back the mesh; the controller sees the error and asks again.
    await applyTimeServers(state.ntpHosts).catch((error: Error) => {
      this.#lastError = `time servers: ${error.message}`;
    });
    const failure = refusal ?? this.#save(state);
    if (failure) {
      this.#lastError = failure.message;
      throw failure;
    }
  }

  /** What could not be written is in force all the same, until the next reboot. The controller sees the error and asks again. */
  #save(state: DesiredState): Error | null {
    const digest = digestOf(state);
    if (digest === this.#saved) return null;
    try {
      saveApplied(state);
      this.#saved = digest;
      return null;
    } catch (error) {
      return new Error(`what is in force could not be stored: ${(error as Error).message}`);
    }
  }

  /** A document of its own: what is in force, without those who may not stay. */
  async #revoke(state: DesiredState): Promise<void> {
    const rest = this.#state && withoutRevoked(this.#state, state);
    if (rest && rest !== this.#state) {
      this.#state = rest;
      await this.#links.apply(rest);
      await this.#bird.apply(rest);
    }
    await this.#clients.revoke(state);
  }

  check(request: CheckRequest): Promise<FirewallCheck> {
    return this.#firewall.check(request);
  }

  counters(): Promise<RuleCounter[]> {
    return this.#firewall.counters();
  }

  resetTracking(): Promise<void> {
    return this.#firewall.resetTracking();
  }

  async observe(): Promise<Observed> {
    const observed = await this.#observer.observe(this.#state, digestOf(this.#state), this.#lastError);
    return { ...observed, firewall: this.#firewall.observe(this.#state) };
  }

  disconnect(addresses: readonly string[]): Promise<void> {
    return this.#enqueue(async () => {
      if (this.#state) await this.#clients.disconnect(this.#state, new Set(addresses));
    });
  }

  #isClient(address: string): boolean {
    const subnet = parseCidr(this.#state?.self.overlaySubnet ?? '');
    const host = parseIpv4(address);
    return subnet !== null && host !== null && contains(subnet, host);
  }

  #keepUpSoon(): void {
    void this.#enqueue(() => this.#keepUp()).catch(() => undefined);
  }

  /** A restore that failed is tried again here: nobody else may be there to ask for it. */
  async #keepUp(): Promise<void> {
    if (this.#toRestore) {
      await this.#makeReal(this.#toRestore, true);
      this.#toRestore = null;
    }
    if (!this.#state) return;
    const refusal = await this.#firewall.apply(this.#state, true);
    if (refusal) this.#lastError = refusal.message;
    const routes = await keepKernel(this.#state, this.#ip);
    await this.#links.apply(this.#state);
    const trouble = await troubleOf(keepKernelIpv6(this.#state));
    if (trouble) this.#lastError = trouble;
    await this.#bird.keep();
    await this.#clients.keep(this.#state, routes);
  }

  async #tellClients(): Promise<void> {
    if (this.#state?.clients) await this.#clients.tell(this.#state, await meshRoutes(this.#ip));
  }

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }
}

/** What keeps a machine from IPv6 in the overlay is told, and does not keep it from the rest of the mesh. */
function troubleOf(work: Promise<void>): Promise<string | null> {
  return work.then(
    () => null,
    (error: Error) => `IPv6 in the overlay: ${error.message}`,
  );
}

/** A document is asked for its digest with each observation, and never changes. */
const digests = new WeakMap<DesiredState, string>();

function digestOf(state: DesiredState | null): string | null {
  if (!state) return null;
  const digest = digests.get(state) ?? createHash('sha256').update(JSON.stringify(state)).digest('hex');
  digests.set(state, digest);
  return digest;
}
