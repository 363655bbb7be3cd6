import { randomUUID } from 'node:crypto';
import { Value } from 'typebox/value';
import { VERSION } from '../version.ts';
import type { ExchangeAttempts } from './exchange-attempts.ts';
import {
  type Bundle,
  type FinishAnswer,
  FinishRequest,
  type Refusal,
  type StartAnswer,
  StartRequest,
  sameMajor,
  seal,
} from './exchange-wire.ts';
import { pake } from './pake.ts';

interface OpenExchange {
  source: string;
  startLoginRequest: string;
  loginResponse: string;
  serverLoginState: string;
  clientVersion: string;
  expiry: NodeJS.Timeout;
}

export interface ExchangeServerOptions {
  /** What a caller with the right token gets; null while there is no keyset here. */
  bundle: () => Omit<Bundle, 'format' | 'version' | 'time'> | null;
  attempts: ExchangeAttempts;
  now?: () => number;
  version?: string;
  ttlMs?: number;
}

const TTL_MS = 30_000;
const MAX_OPEN = 32;
/** All members of a site may come from one address, all at once. */
const MAX_OPEN_PER_SOURCE = 10;

/**
 * Hands the keyset to controllers that know the security token. Every member with a keyset can serve. An exchange
 * that was started and not finished counts as a wrong token, because that is what a guess looks like: the caller
 * alone sees that its token was wrong.
 */
export class KeysetExchangeServer {
  readonly #options: ExchangeServerOptions;
  readonly #version: string;
  readonly #open = new Map<string, OpenExchange>();
  /** Sources whose start is in a worker at the moment. */
  readonly #starting: string[] = [];

  constructor(options: ExchangeServerOptions) {
    this.#options = options;
    this.#version = options.version ?? VERSION;
  }

  async start(body: unknown, source: string): Promise<StartAnswer | Refusal> {
    if (!Value.Check(StartRequest, body)) return this.#refuse('EXCHANGE_MALFORMED');
    const bundle = this.#options.bundle();
    if (!bundle) return this.#refuse('EXCHANGE_NO_KEYSET');
    if (!sameMajor(body.version, this.#version)) return this.#refuse('EXCHANGE_VERSION');
    const seconds = this.#options.attempts.waitSeconds(source);
    if (seconds > 0) return { ...this.#refuse('TOO_MANY_ATTEMPTS'), seconds };
    if (this.#isBusy(source)) return this.#refuse('EXCHANGE_BUSY');

    this.#starting.push(source);
    try {
      const { serverSetup, registrationRecord } = bundle.keyset.pake;
      const startLoginRequest = body.start_login_request;
      const begun = await pake({ step: 'serverStart', serverSetup, registrationRecord, startLoginRequest });
      if (!begun) return this.#refuse('EXCHANGE_MALFORMED');
      const id = randomUUID();
      const expiry = setTimeout(() => this.#expire(id), this.#options.ttlMs ?? TTL_MS).unref();
      this.#open.set(id, { source, startLoginRequest, clientVersion: body.version, expiry, ...begun });
      return { exchange_id: id, login_response: begun.loginResponse, version: this.#version };
    } finally {
      this.#starting.splice(this.#starting.indexOf(source), 1);
    }
  }

  async finish(body: unknown): Promise<FinishAnswer | Refusal> {
    if (!Value.Check(FinishRequest, body)) return this.#refuse('EXCHANGE_MALFORMED');
    const exchange = this.#open.get(body.exchange_id);
    if (!exchange) return this.#refuse('EXCHANGE_UNKNOWN');
    clearTimeout(exchange.expiry);
    this.#open.delete(body.exchange_id);

    const { serverLoginState, source } = exchange;
    const finishLoginRequest = body.finish_login_request;
    const session = await pake({ step: 'serverFinish', serverLoginState, finishLoginRequest });
    if (!session) {
      this.#options.attempts.failed(source);
      return this.#refuse('EXCHANGE_WRONG_TOKEN');
    }
    this.#options.attempts.succeeded(source);
    const bundle = this.#options.bundle();
    if (!bundle) return this.#refuse('EXCHANGE_NO_KEYSET');
    const time = (this.#options.now ?? Date.now)();
    const sealed = seal({ format: 1, version: this.#version, time, ...bundle }, session.sessionKey, {
      exchangeId: body.exchange_id,
      clientVersion: exchange.clientVersion,
      serverVersion: this.#version,
      startLoginRequest: exchange.startLoginRequest,
      loginResponse: exchange.loginResponse,
      finishLoginRequest,
    });
    return { sealed };
  }

  /** Forgets open exchanges when the controller stops; they count as nothing. */
  close(): void {
    for (const { expiry } of this.#open.values()) clearTimeout(expiry);
    this.#open.clear();
  }

  #isBusy(source: string): boolean {
    const sources = [...this.#starting, ...[...this.#open.values()].map((exchange) => exchange.source)];
    const own = sources.filter((other) => other === source).length;
    const limit = this.#options.attempts.isSuspect(source) ? 1 : MAX_OPEN_PER_SOURCE;
    return sources.length >= MAX_OPEN || own >= limit;
  }

  #expire(id: string): void {
    const exchange = this.#open.get(id);
    if (!exchange) return;
    this.#open.delete(id);
    try {
      this.#options.attempts.failed(exchange.source);
    } catch (error) {
      // Nobody waits for a timer. What cannot be stored, on a full disk for one, must not end the process.
      console.error(`keyset exchange: a guess was not counted: ${(error as Error).message}`);
    }
  }

  #refuse(refused: Refusal['refused']): Refusal {
    return { refused, version: this.#version };
  }
}
