import type { Database } from '../store/database.ts';
import { AllowedHosts } from './allowed-hosts.ts';
import { Sessions } from './sessions.ts';
import { SetupCode } from './setup-code.ts';
import { UiAccount } from './ui-account.ts';

const SWEEP_MS = 60_000;

/** Everything about getting into the console. */
export class Access {
  readonly setupCode: SetupCode;
  readonly account: UiAccount;
  readonly sessions: Sessions;
  readonly hosts: AllowedHosts;
  #timer: NodeJS.Timeout | null = null;

  constructor(db: Database, certificate: () => string | null, now: () => number = Date.now) {
    this.setupCode = new SetupCode(db);
    this.account = new UiAccount(db, this.setupCode);
    this.sessions = new Sessions(db, now);
    this.hosts = new AllowedHosts(db, certificate);
  }

  start(): void {
    this.#timer = setInterval(() => this.sessions.sweep(), SWEEP_MS);
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
  }
}
