import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import type { ClientIntent } from '../clientpack/client-intent.ts';
import { ClientServer } from '../clientpack/client-server.ts';
import { compile } from '../compile/compile.ts';
import { ApplierAway, type ApplierClient } from '../controller/applier-client.ts';
import { gatherIntent } from '../controller/gather-intent.ts';
import type { Names } from '../controller/names.ts';
import type { DesiredFirewall } from '../desired/firewall.ts';
import type { Observed } from '../desired/observed.ts';
import type { DesiredState } from '../desired/state.ts';
import { MeshwrightError } from '../errors/catalogue.ts';
import type { Keyset } from '../keyset/keyset.ts';
import type { BfdProfile } from '../observe/bfd-choice.ts';
import { chooseClientBfd, initialClientBfd } from '../observe/client-bfd.ts';
import type { EventLog } from '../observe/event-log.ts';
import { routeOf } from '../observe/routes.ts';
import type { PeeringService } from '../peering/peering-service.ts';
import { Resolver } from '../peering/resolver.ts';
import { every } from '../periodic.ts';
import type { RouteService } from '../routes/route-service.ts';
import type { Database } from '../store/database.ts';
import { Setting } from '../store/settings.ts';
import type { Addressing } from '../topology/addressing.ts';
import { Greetings } from './greetings.ts';
import { LinkEvents } from './link-events.ts';
import { failureWithin } from './patience.ts';
import { PeerWatch } from './peer-watch.ts';

/** The applier is asked this often without an event; after one, at once. */
const OBSERVE_MS = 5000;
const EVALUATE_MS = 5000;
/** CPU shortage counts as an average over about this long: real-time engines ride out bursts. */
const CPU_MEMORY_MS = 60_000;
/** An observation older than this says nothing about now. */
const STALE_MS = 12_000;
/** Changes are told at once, so what was seen last holds, unless who would tell gives no sign of life for this long. */
const SILENT_MS = 2500;
/** Nor does it hold when an observation hangs: BIRD is there and does not answer. */
const HANGS_MS = 3000;
/** A client's call waits this long for the applier; the intent is stored in any case. */
const APPLY_WITHIN_MS = 5000;
/** Who has to know whether a change is in force waits almost as long as clients do. */
const DECIDE_WITHIN_MS = 9000;

export interface MeshParts {
  readonly db: Database;
  readonly names: Names;
  readonly peering: PeeringService;
  readonly routes: RouteService;
  readonly events: EventLog;
  readonly applier: ApplierClient;
  readonly instance: string;
  firewall(): DesiredFirewall;
  /** The same, for the applier: whoever follows what it was given remembers it. */
  handOutFirewall(): DesiredFirewall;
  addressing(): Addressing | null;
  keyset(): Keyset | null;
  checksum(): string;
  /** Overlay clients that may attach. */
  clients(): readonly ClientIntent[];
  drained(): boolean;
}

/**
 * The running mesh as this controller sees it: turns stored intent into the desired state whenever something changes,
 * and keeps the latest observation with what has to be remembered between observations.
 */
export class Mesh {
  readonly parts: MeshParts;
  readonly resolver: Resolver;
  readonly clientServer: ClientServer;
  readonly #profile: Setting<BfdProfile>;
  readonly #watches = new Map<number, PeerWatch>();
  readonly greetings: Greetings;
  readonly #events: LinkEvents;
  readonly #listeners = new Set<() => void>();
  #observed: Observed | null = null;
  #desired: DesiredState | null = null;
  /** Digest of `#desired`. The applier reports the same of what is in force. */
  #fingerprint: string | null = null;
  /** What was last asked for is not in force, as far as we know. */
  #isUndone = false;
  #applying: Promise<void> | null = null;
  #applyAgain: Promise<void> | null = null;
  #cpuIdle = 1;
  #clientBfd = initialClientBfd(Date.now());
  #observing = false;
  #askedAt = 0;
  #observeAgain = false;
  #timers: NodeJS.Timeout[] = [];

  constructor(parts: MeshParts) {
    this.parts = parts;
    this.clientServer = new ClientServer(parts.db);
    this.#profile = new Setting(parts.db, 'mesh.bfd_profile');
    this.#events = new LinkEvents(parts.events);
    this.greetings = new Greetings(this, this.#events);
    this.resolver = new Resolver(parts.db, () => void this.apply().catch(() => undefined));
  }

  start(): void {
    this.#timers = [
      every(OBSERVE_MS, 'observing', () => this.refresh()),
      every(EVALUATE_MS, 'evaluating links', () => this.#evaluate()),
    ];
    this.greetings.start();
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.greetings.stop();
    this.resolver.stop();
  }

  get observed(): Observed | null {
    return this.#observed;
  }

  /** The applier gives signs of life. One that hangs keeps its connection, which therefore says nothing. */
  get applierAnswers(): boolean {
    const { connected, silentMs } = this.parts.applier;
    return connected && silentMs <= SILENT_MS;
  }

  /** True while what we know is too old to be shown as the present. */
  get isStale(): boolean {
    if (this.#observed === null) return false;
    const hangs = this.#observing && performance.now() - this.#askedAt > HANGS_MS;
    return hangs || this.parts.applier.silentMs > SILENT_MS || Date.now() - this.#observed.at > STALE_MS;
  }

  get desired(): DesiredState | null {
    return this.#desired;
  }

  get profile(): BfdProfile {
    return this.#profile.get() ?? 'auto';
  }

  setProfile(profile: BfdProfile): void {
    this.#profile.set(profile);
  }

  watchOf(peer: number): PeerWatch {
    const watch =
      this.#watches.get(peer) ?? new PeerWatch(peer, this.parts.peering.effective().rows.length, Date.now());
    this.#watches.set(peer, watch);
    return watch;
  }

  /** What is remembered of a peer, without starting to remember it. */
  knownWatch(peer: number): PeerWatch | null {
    return this.#watches.get(peer) ?? null;
  }

  linkUp(peer: number): boolean {
    const state = this.#watches.get(peer)?.state;
    return this.isLinked(peer) && !this.isStale && (state === 'up' || state === 'degraded');
  }

  /** Called whenever the picture may have changed. Returns the function that ends the subscription. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  announce(): void {
    for (const listener of this.#listeners) listener();
  }

  /**
   * Makes the machine follow the stored intent. Rejects with APPLIER_UNAVAILABLE when the applier is absent or
   * refuses. When it only takes long, this returns while it goes on: clients time out after ten seconds, and a
   * failure later shows in the status and is tried again.
   */
  async apply(): Promise<void> {
    await this.#outcome(APPLY_WITHIN_MS, null);
  }

  /** The same for whoever must know the outcome: rejects also when there is none in time. It may be in force a moment later. */
  async applyDecided(): Promise<void> {
    const seconds = DECIDE_WITHIN_MS / 1000;
    await this.#outcome(
      DECIDE_WITHIN_MS,
      new ApplierAway(`the applier is busy with something else since ${seconds} s`),
    );
  }

  async #outcome(withinMs: number, undecided: Error | null): Promise<void> {
    const failure = await failureWithin(this.#applySoon(), withinMs, undecided);
    if (!failure) return;
    throw Object.assign(new MeshwrightError('APPLIER_UNAVAILABLE', { reason: failure.message }), {
      cause: failure,
    });
  }

  /** One apply at a time; whoever comes during one shares the next, which sees everything stored by then. */
  #applySoon(): Promise<void> {
    if (!this.#applying) {
      this.#applying = this.#applyNow().finally(() => {
        this.#applying = null;
      });
      return this.#applying;
    }
    this.#applyAgain ??= this.#applying
      .catch(() => undefined)
      .then(() => {
        this.#applyAgain = null;
        return this.#applySoon();
      });
    return this.#applyAgain;
  }

  /** What the applier would be asked for now; null while this controller is not part of a topology. */
  compile(firewall: DesiredFirewall = this.parts.firewall()): DesiredState | null {
    const { parts } = this;
    const peering = parts.peering.effective();
    this.resolver.watch(peering.rows.map((row) => row.address));
    const intent = gatherIntent({
      peering,
      addressing: parts.addressing(),
      keyset: parts.keyset(),
      checksum: parts.checksum(),
      instance: parts.instance,
      routes: parts.routes.intents(),
      ntpHosts: parts.names.ntpHosts(),
      firewall,
      clientServer: this.clientServer,
      clients: parts.clients(),
      drained: parts.drained(),
      clientBfdMs: this.#clientBfd.intervalMs,
      profile: this.profile,
      addressOf: (host) => this.resolver.addressOf(host),
      watchOf: (peer) => this.watchOf(peer),
      now: Date.now(),
    });
    return intent && compile(intent);
  }

  async #applyNow(): Promise<void> {
    const desired = this.compile(this.parts.handOutFirewall());
    if (!desired) return;
    this.#isUndone = true;
    await this.parts.applier.apply(desired);
    this.#isUndone = false;
    this.#desired = desired;
    this.#fingerprint = createHash('sha256').update(JSON.stringify(desired)).digest('hex');
    for (const peer of this.#watches.keys()) if (!this.isLinked(peer)) this.#watches.delete(peer);
    this.refresh();
  }

  isLinked(peer: number): boolean {
    return this.#desired?.links.some((link) => link.peer === peer) ?? false;
  }

  /** BFD lost the far side of a link just now. */
  lost(peer: number | null): void {
    if (peer !== null) this.knownWatch(peer)?.lose(Date.now());
  }

  /** Reads the truth now. Calls while one is under way lead to one more. */
  refresh(): void {
    if (this.#observing) {
      if (this.isStale) this.announce();
      this.#observeAgain = true;
      return;
    }
    if (!this.parts.applier.connected) {
      if (this.isStale) this.announce();
      return;
    }
    this.#observing = true;
    this.#askedAt = performance.now();
    const asked = Date.now();
    this.parts.applier
      .observe()
      .then((observed) => this.#take(observed, asked))
      .catch(() => undefined)
      .finally(() => {
        this.#observing = false;
        if (this.#observeAgain) {
          this.#observeAgain = false;
          this.refresh();
        }
      });
  }

  #take(observed: Observed, asked: number): void {
    this.#observed = observed;
    const now = Date.now();
    for (const link of observed.links) {
      if (!this.isLinked(link.peer)) continue;
      const watch = this.watchOf(link.peer);
      for (const change of watch.see(link, now, asked)) {
        this.#events.link(link, change, this.#path(link.peer));
        watch.helloAt = 0;
      }
    }
    this.#events.members(
      this.parts.addressing()?.controllers ?? [],
      (id) => this.#path(id) !== null,
      this.#desired,
    );
    this.greetings.checkIdentities();
    this.announce();
  }

  /** Whether any way leads to a member now, as far as we can see. */
  reaches(id: number): boolean {
    return !this.isStale && this.#path(id) !== null;
  }

  #path(peer: number): number[] | null {
    return routeOf(this.#observed, this.parts.addressing()?.controllers ?? [], peer)?.path ?? null;
  }

  #evaluate(): void {
    const observed = this.#observed;
    if (!observed) return;
    this.#cpuIdle += (observed.cpuIdle - this.#cpuIdle) * (EVALUATE_MS / CPU_MEMORY_MS);
    const machine = { cpuIdle: this.#cpuIdle, links: observed.links.length };
    const { intervalMs } = this.#clientBfd;
    this.#clientBfd = chooseClientBfd(this.#clientBfd, this.#cpuIdle, Date.now());
    let changed = this.#clientBfd.intervalMs !== intervalMs;
    for (const link of observed.links) {
      if (!this.isLinked(link.peer)) continue;
      changed = this.watchOf(link.peer).evaluate(link, machine, Date.now()) || changed;
    }
    // What failed to apply before, or is not what is in force, is tried again here, so that a restarted applier or a
    // full disk heals by itself.
    const isBehind = this.#fingerprint !== observed.appliedDigest || (this.#isUndone && !this.#applying);
    if (changed || observed.lastError || isBehind) this.apply().catch(() => undefined);
  }

  /** The address that other controllers should use for this machine, as far as it knows itself. */
  ownAddress(): string | null {
    const address = this.#observed?.primaryAddress ?? null;
    return address && isIP(address) ? address : null;
  }
}
