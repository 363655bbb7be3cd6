import { every } from '../periodic.ts';
import type { Database } from '../store/database.ts';
import { AccessTokens } from './access-tokens.ts';
import { AccessUrls } from './access-urls.ts';
import { AllowedHosts } from './allowed-hosts.ts';
import { LoginThrottle } from './login-throttle.ts';
import { SecondFactor } from './second-factor.ts';
import { Sessions } from './sessions.ts';
import { SetupCode } from './setup-code.ts';
import { UiAccount } from './ui-account.ts';
import { Users } from './users.ts';

const SWEEP_MS = 60_000;

/** Everything about who may get in, next to the password of the API. */
export class Access {
  readonly setupCode: SetupCode;
  readonly users: Users;
  readonly secondFactor: SecondFactor;
  readonly account: UiAccount;
  readonly sessions: Sessions;
  readonly tokens: AccessTokens;
  readonly urls: AccessUrls;
  readonly hosts: AllowedHosts;
  /** One for all ways in, or guesses at one would be free after those at another. */
  readonly throttle = new LoginThrottle();
  #timer: NodeJS.Timeout | null = null;

  constructor(db: Database, certificate: () => string | null, now: () => number = Date.now) {
    this.setupCode = new SetupCode(db);
    this.users = new Users(db);
    this.secondFactor = new SecondFactor(this.users, now);
    this.account = new UiAccount(db, this.users, this.setupCode);
    this.sessions = new Sessions(db, now);
    this.tokens = new AccessTokens(db, now);
    this.urls = new AccessUrls(db, now);
    this.hosts = new AllowedHosts(db, certificate);
  }

  start(): void {
    this.#timer = every(SWEEP_MS, 'ending old sessions', () => this.sessions.sweep());
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
  }
}
