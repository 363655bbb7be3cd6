import { createHash } from 'node:crypto';
import type { DesiredFirewall, FirewallCheck, RuleCounter } from '../desired/firewall.ts';
import type { Observed } from '../desired/observed.ts';
import type { ApplierEvent } from '../desired/protocol.ts';
import type { DesiredState } from '../desired/state.ts';
import { contains, parseCidr, parseIpv4 } from '../net/ipv4.ts';
import { loadApplied, saveApplied } from './applied-file.ts';
import { command } from './command.ts';
import { Confirmation, deadlineOf, isExpired } from './confirmation.ts';
import { BasePolicy } from './engines/base-policy.ts';
import { Bird } from './engines/bird.ts';
import { BirdWatch } from './engines/bird-watch.ts';
import { Clients } from './engines/clients.ts';
import { Firewall } from './engines/firewall.ts';
import { IpShow } from './engines/ip-show.ts';
import { applyKernel, keepKernel, meshRoutes } from './engines/kernel.ts';
import { applyKernelIpv6, keepKernelIpv6 } from './engines/kernel-ipv6.ts';
import { Links } from './engines/links.ts';
import { PacketLog } from './engines/packet-log.ts';
import { Probe } from './engines/probe.ts';
import { RouteMonitor } from './engines/route-monitor.ts';
import { RulesetMonitor } from './engines/ruleset-monitor.ts';
import { applyTimeServers } from './engines/time.ts';
import { peersReader } from './engines/wireguard-status.ts';
import { checkFirewall } from './firewall-check.ts';
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
  readonly #rulesets = new RulesetMonitor();
  readonly #firewall = new Firewall(this.#rulesets);
  readonly #basePolicy = new BasePolicy(this.#rulesets);
  readonly #confirmation = new Confirmation();
  readonly #packetLog: PacketLog;
  readonly #onEvent: (event: ApplierEvent) => void;
  readonly #routes: RouteMonitor;
  #state: DesiredState | null = null;
  /** What was on disk at the start, until it or something newer is in force. */
  #toRestore: DesiredState | null = null;
  #lastError: string | null = null;
  #queue: Promise<unknown> = Promise.resolve();
  #checks: Promise<unknown> = Promise.resolve();
  #upkeep: NodeJS.Timeout | null = null;
  #deadline: NodeJS.Timeout | null = null;
  #inForce: DesiredFirewall | null = null;
  /** The deadline whose passing was told. */
  #toldExpiry: number | null = null;

  constructor(services: Services, kernelWireguard: boolean, onEvent: (event: ApplierEvent) => void) {
    this.#onEvent = onEvent;
    this.#packetLog = new PacketLog((packet) =>
      onEvent({ event: 'firewall_log', at: Date.now(), peer: null, state: 'logged', packet }),
    );
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
    this.#rulesets.start();
    this.#upkeep = setInterval(
      () => void this.#enqueue(() => this.#keepUp()).catch(() => undefined),
      UPKEEP_MS,
    );
  }

  stop(): void {
    if (this.#upkeep) clearInterval(this.#upkeep);
    if (this.#deadline) clearTimeout(this.#deadline);
    this.#watch.stop();
    this.#routes.stop();
    this.#rulesets.stop();
    this.#clients.stop();
    this.#probe.stop();
    this.#ip.stop();
    this.#packetLog.stop();
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
      await this.#clients.revoke(state);
      refusal = await this.#applyFirewall(state, isRestore);
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
    if (digestOf(state) !== digestOf(this.#state)) saveApplied(state);
    this.#state = state;
    this.#probe.update(state.links);
    this.#observer.forget();
    // The clock is no reason to hold back the mesh; the controller sees the error and asks again.
    await applyTimeServers(state.ntpHosts).catch((error: Error) => {
      this.#lastError = `time servers: ${error.message}`;
    });
    if (refusal) {
      this.#lastError = refusal.message;
      throw refusal;
    }
  }

  /**
   * Rules, then the base policy, as the document asks for or as they were before a trial that nobody confirmed. Returns a
   * refusal of the rules that it was told to go on after.
   */
  async #applyFirewall(state: DesiredState, isRestore: boolean): Promise<Error | null> {
    const firewall = this.#confirmation.choose(state.firewall, Date.now());
    const refusal = await this.#firewall.apply(firewall).then(
      () => null,
      (error: Error) => error,
    );
    if (refusal && !isRestore) throw refusal;
    await this.#basePolicy.apply(state, firewall);
    if (!refusal) {
      this.#confirmation.note(firewall);
      this.#inForce = firewall;
      this.#packetLog.follow(firewall);
      this.#awaitConfirmation(state);
    }
    return refusal;
  }

  #awaitConfirmation({ firewall }: DesiredState): void {
    if (this.#deadline) clearTimeout(this.#deadline);
    this.#deadline = null;
    const deadline = deadlineOf(firewall);
    if (deadline === null) return;
    const left = deadline - Date.now();
    if (left > 0) {
      const soon = Math.min(left, 3_600_000);
      this.#deadline = setTimeout(
        () => void this.#enqueue(() => this.#keepUp()).catch(() => undefined),
        soon,
      );
    } else if (this.#toldExpiry !== deadline) {
      this.#toldExpiry = deadline;
      this.#onEvent({ event: 'firewall_reverted', at: Date.now(), peer: null, state: 'reverted' });
    }
  }

  check({ state, firewall, tests, flows }: CheckRequest): Promise<FirewallCheck> {
    // One at a time, beside the queue of changes: each starts processes.
    const turn = this.#checks.then(() => checkFirewall(state, this.#inForce, firewall, tests, flows));
    this.#checks = turn.catch(() => undefined);
    return turn;
  }

  counters(): Promise<RuleCounter[]> {
    return this.#firewall.counters();
  }

  /** Flows that go on are tracked anew with their next packet, by the rules of now. */
  async resetTracking(): Promise<void> {
    await command('conntrack', ['-F']);
  }

  async observe(): Promise<Observed> {
    const observed = await this.#observer.observe(this.#state, digestOf(this.#state), this.#lastError);
    const firewall = this.#state?.firewall;
    return {
      ...observed,
      firewall: { confirmBy: deadlineOf(firewall), reverted: isExpired(firewall, Date.now()) },
    };
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
      await this.#makeReal(this.#toRestore, true);
      this.#toRestore = null;
    }
    if (!this.#state) return;
    const refusal = await this.#applyFirewall(this.#state, true);
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

function digestOf(state: DesiredState | null): string | null {
  return state ? createHash('sha256').update(JSON.stringify(state)).digest('hex') : null;
}
