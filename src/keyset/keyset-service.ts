import { MeshwrightError } from '../errors/catalogue.ts';
import { printable } from '../errors/printable.ts';
import type { LicenseService } from '../license/license-service.ts';
import type { Database } from '../store/database.ts';
import { Setting } from '../store/settings.ts';
import { type FetchStep, fetchKeyset } from './exchange-client.ts';
import type { Bundle } from './exchange-wire.ts';
import { generateKeyset } from './generate.ts';
import { fingerprint, type Keyset } from './keyset.ts';
import { checkStart, type KeysetStart, sourceOf } from './keyset-start.ts';
import { type WireKeysetStatus, wirePresent, wireRunning } from './keyset-wire.ts';

export interface KeysetFailure {
  code: string;
  message: string;
  /** Unix seconds. */
  at: number;
}

export interface KeysetServiceOptions {
  db: Database;
  license: LicenseService;
  /** A fetch brought everything: the API goes through its restart window and then calls `completeFetch`. */
  onFetched: () => void;
  fetch?: typeof fetchKeyset;
  now?: () => number;
}

interface Running {
  startedAt: number;
  step: 'generating' | FetchStep | 'restarting';
}

/** The keyset of this controller: none, being made or fetched, or there for good. */
export class KeysetService {
  readonly #options: KeysetServiceOptions;
  readonly #stored: Setting<Keyset>;
  readonly #topologyName: Setting<string>;
  readonly #sealedNetwork: Setting<boolean>;
  readonly #now: () => number;
  /** Called after every change of the keyset. */
  readonly onChange: (() => void)[] = [];
  #keyset: Keyset | null;
  #fingerprint: string | null;
  #running: Running | null = null;
  #lastStart = 0;
  #failure: KeysetFailure | null = null;

  constructor(options: KeysetServiceOptions) {
    const { db } = options;
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#stored = new Setting(db, 'keyset', 'secret');
    this.#topologyName = new Setting(db, 'config.topology_name');
    this.#sealedNetwork = new Setting(db, 'keyset.sealed_network');
    this.#keyset = this.#stored.get();
    this.#fingerprint = this.#keyset && fingerprint(this.#keyset);
  }

  keyset(): Keyset | null {
    return this.#keyset;
  }

  fingerprint(): string | null {
    return this.#fingerprint;
  }

  /** Why the last attempt ended without a keyset. The wire has no room for it; the console and the CLI do. */
  failure(): KeysetFailure | null {
    return this.#failure;
  }

  /** What an attempt is doing at the moment. */
  step(): Running['step'] | null {
    return this.#running?.step ?? null;
  }

  status(): WireKeysetStatus {
    if (this.#running) return wireRunning(this.#running.startedAt, this.#now());
    if (this.#keyset) return wirePresent(this.#keyset.uuid, this.#keyset.createdAt, this.#fingerprint!);
    this.#options.license.requireLicensed();
    return { keyset_present: false, in_progress: false };
  }

  start(request: KeysetStart): WireKeysetStatus {
    if (this.#running) throw new MeshwrightError('KEYSET_IN_PROGRESS');
    if (this.#keyset) throw new MeshwrightError('KEYSET_EXISTS');
    const source = sourceOf(request);
    if (source === null) this.#options.license.requireLicensed();
    checkStart(request);

    this.#begin(source === null ? 'generating' : 'connecting');
    void (source === null ? this.#generate(request) : this.#fetch(source, request));
    return this.status();
  }

  #begin(step: Running['step']): void {
    // Clients tell attempts apart by their second, so two attempts never share one.
    this.#lastStart = Math.max(Math.floor(this.#now() / 1000), this.#lastStart + 1);
    this.#running = { startedAt: this.#lastStart, step };
    this.#failure = null;
  }

  /** The API's listener is closed: from the next answer on the keyset is present. */
  completeFetch(): void {
    if (this.#running?.step === 'restarting') this.#running = null;
  }

  /** What another member may copy; null while there is nothing to copy. */
  bundle(): Pick<Bundle, 'keyset' | 'license' | 'topologyName'> | null {
    const license = this.#options.license.exported();
    if (!this.#keyset || !license) return null;
    return { keyset: this.#keyset, license, topologyName: this.#topologyName.get() ?? '' };
  }

  async #generate(request: KeysetStart): Promise<void> {
    try {
      const { clients } = this.#options.license.requireLicensed();
      const keyset = await generateKeyset(request.token, clients);
      this.#options.db.transaction(() => this.#store(keyset, request));
      this.#adopt(keyset);
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#running = null;
    this.#announce();
  }

  /**
   * Takes over what a join brings, in the same way as a fetch: licence, keyset and whatever `install` writes go into
   * the store together or not at all. Rejects with the error that `failure` then tells.
   */
  async join(source: string, obtain: () => Promise<{ bundle: Bundle; install: () => void }>): Promise<void> {
    if (this.#running) throw new MeshwrightError('KEYSET_IN_PROGRESS');
    if (this.#keyset) throw new MeshwrightError('KEYSET_EXISTS');
    this.#begin('connecting');
    try {
      const { bundle, install } = await obtain();
      this.#takeOver(bundle, source, { token: '', topology_name: bundle.topologyName }, install);
    } catch (error) {
      this.#fail(error);
      throw error;
    }
    this.#finishTakeOver();
  }

  async #fetch(source: string, request: KeysetStart): Promise<void> {
    const { fetch = fetchKeyset } = this.#options;
    const { token } = request;
    try {
      const onStep = (step: FetchStep) => this.#enter(step);
      const bundle = await fetch({ source, token, ownClock: this.#now, onStep });
      this.#takeOver(bundle, source, {
        ...request,
        topology_name: request.topology_name || bundle.topologyName,
      });
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#finishTakeOver();
  }

  #takeOver(bundle: Bundle, source: string, request: KeysetStart, install?: () => void): void {
    const { db, license } = this.#options;
    db.transaction(() => {
      installLicense(license, bundle, source);
      this.#store(bundle.keyset, request);
      // Whoever installs more (a join: own id and rows) must already find the new topology.
      license.announce();
      install?.();
    });
    this.#adopt(bundle.keyset);
  }

  #finishTakeOver(): void {
    this.#enter('restarting');
    this.#options.license.announce();
    this.#announce();
    this.#options.onFetched();
  }

  #enter(step: Running['step']): void {
    if (this.#running) this.#running = { ...this.#running, step };
  }

  #store(keyset: Keyset, { sealed_network, topology_name }: KeysetStart): void {
    this.#stored.set(keyset);
    if (topology_name) this.#topologyName.set(topology_name);
    if (sealed_network !== undefined) this.#sealedNetwork.set(sealed_network);
  }

  #adopt(keyset: Keyset): void {
    this.#keyset = keyset;
    this.#fingerprint = fingerprint(keyset);
  }

  #fail(error: unknown): void {
    const known =
      error instanceof MeshwrightError
        ? error
        : new MeshwrightError('KEYSET_GENERATION_FAILED', { reason: printable((error as Error).message) });
    this.#failure = { code: known.code, message: known.message, at: Math.floor(this.#now() / 1000) };
    this.#running = null;
    this.#announce();
  }

  #announce(): void {
    for (const listener of this.onChange) listener();
  }
}

/** Says whose licence it is that does not fit: the operator sees only this controller. */
function installLicense(license: LicenseService, bundle: Bundle, source: string): void {
  try {
    license.install(bundle.license);
  } catch (error) {
    throw new MeshwrightError('FETCH_LICENSE_REFUSED', { source, reason: (error as Error).message });
  }
}
