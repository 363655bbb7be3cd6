import { randomUUID, type X509Certificate } from 'node:crypto';
import { MeshwrightError } from '../errors/catalogue.ts';
import type { Database } from '../store/database.ts';
import { Setting } from '../store/settings.ts';
import { type KeyPair, newSelfSigned, storedCertificate, writeCertificate } from './certificate-files.ts';
import { isIssuedBy, parseChain, parseKeyPair } from './key-pair.ts';

export interface InstallJob {
  readonly uuid: string;
  readonly status: string;
  readonly state: 'queued' | 'done' | 'failed';
}

export interface CertificateStanding {
  readonly state: 'ok' | 'soon' | 'over' | 'absent';
  readonly selfSigned: boolean;
  readonly names: string[];
  /** Unix milliseconds. */
  readonly until: number | null;
  readonly days: number | null;
  readonly fingerprint: string | null;
}

/** Answers of the request that asked are out by then; the listener must not change under them. */
const SWAP_MS = 300;
const MAX_JOBS = 50;
const DAY_MS = 86_400_000;
/** Time to get another one from whoever issues them. */
const WARN_DAYS = 30;

/** The certificate of the API: shown, replaced without a break, and given back to a self-signed one. */
export class HttpsCertificate {
  readonly #directory: string;
  readonly #pending: Setting<KeyPair>;
  readonly #jobs = new Map<string, InstallJob>();
  readonly #now: () => number;
  /** Puts a pair in force; set by whoever owns the listener. */
  onInstall: (pair: KeyPair) => void = () => {};

  constructor(db: Database, directory: string, now: () => number = Date.now) {
    this.#directory = directory;
    this.#pending = new Setting(db, 'https.pending', 'secret');
    this.#now = now;
  }

  chain(): X509Certificate[] {
    try {
      return parseChain(storedCertificate(this.#directory) ?? '');
    } catch {
      return [];
    }
  }

  standing(): CertificateStanding {
    const [leaf] = this.chain();
    if (!leaf) {
      return { state: 'absent', selfSigned: false, names: [], until: null, days: null, fingerprint: null };
    }
    const until = Date.parse(leaf.validTo);
    const days = Math.floor((until - this.#now()) / DAY_MS);
    return {
      state: until <= this.#now() ? 'over' : days < WARN_DAYS ? 'soon' : 'ok',
      selfSigned: isIssuedBy(leaf, leaf),
      names: [...(leaf.subjectAltName ?? '').matchAll(/(?:DNS|IP Address):([^,\s"]+)/g)].map(
        (one) => one[1]!,
      ),
      until,
      days,
      fingerprint: leaf.fingerprint256,
    };
  }

  /** Keeps a pair that was checked until it is installed; another upload replaces it. */
  upload(cert: string | undefined, key: string | undefined): void {
    this.#pending.set(parseKeyPair(cert, key, this.#now()));
  }

  install(): InstallJob {
    const pair = this.#pending.get();
    if (!pair) throw new MeshwrightError('SSL_NOTHING_UPLOADED');
    return this.#enqueue(async () => {
      // Looked at again: a day may lie between upload and installation.
      parseKeyPair(pair.cert, pair.key, this.#now());
      return pair;
    });
  }

  /** Back to a certificate of our own making. */
  reset(): InstallJob {
    return this.#enqueue(newSelfSigned);
  }

  job(uuid: string): InstallJob {
    const job = this.#jobs.get(uuid);
    if (!job) throw new MeshwrightError('SSL_JOB_UNKNOWN', { uuid: /^[\w-]{1,40}$/.test(uuid) ? uuid : '?' });
    return job;
  }

  #enqueue(prepare: () => Promise<KeyPair>): InstallJob {
    const job: InstallJob = { uuid: randomUUID(), status: 'SSL Cert installation queued', state: 'queued' };
    this.#note(job);
    setTimeout(() => {
      this.#run(prepare).then(
        () => this.#note({ ...job, status: 'SSL Cert installed', state: 'done' }),
        (error: Error) => this.#note({ ...job, status: `Not installed: ${error.message}`, state: 'failed' }),
      );
    }, SWAP_MS).unref();
    return job;
  }

  async #run(prepare: () => Promise<KeyPair>): Promise<void> {
    const pair = await prepare();
    writeCertificate(this.#directory, pair);
    this.onInstall(pair);
    this.#pending.clear();
  }

  #note(job: InstallJob): void {
    this.#jobs.set(job.uuid, job);
    if (this.#jobs.size > MAX_JOBS) this.#jobs.delete(this.#jobs.keys().next().value!);
  }
}
