import { setTimeout as sleep } from 'node:timers/promises';
import { Value } from 'typebox/value';
import { MeshwrightError } from '../errors/catalogue.ts';
import { printable } from '../errors/printable.ts';
import { DialGuard } from '../net/dial-guard.ts';
import { type FailureKind, postJson, RequestFailure } from '../net/post-json.ts';
import { API_PORT } from '../paths.ts';
import { VERSION } from '../version.ts';
import { isBundle } from './bundle.ts';
import {
  type Bundle,
  EXCHANGE_PATH,
  FinishAnswer,
  open,
  Refusal,
  StartAnswer,
  sameMajor,
} from './exchange-wire.ts';
import { pake } from './pake.ts';

export type FetchStep = 'connecting' | 'authenticating' | 'transferring' | 'verifying';

export interface FetchOptions {
  /** A host name or address, already validated. */
  source: string;
  token: string;
  ownVersion?: string;
  ownClock?: () => number;
  onStep?: (step: FetchStep) => void;
  deadlineMs?: number;
  /** Where the source really is; for tests. */
  endpoint?: { host: string; port: number };
}

const DEADLINE_MS = 20_000;
const BUSY_RETRY_MS = 2000;
const CLOCK_LIMIT_MS = 5 * 60_000;

/** Copies the keyset of another controller. Rejects with a MeshwrightError that names what went wrong. */
export function fetchKeyset(options: FetchOptions): Promise<Bundle> {
  return new Fetch(options).run();
}

class Fetch {
  readonly #options: FetchOptions;
  readonly #version: string;
  readonly #endpoint: { host: string; port: number };
  readonly #deadline: number;

  constructor(options: FetchOptions) {
    this.#options = options;
    this.#version = options.ownVersion ?? VERSION;
    this.#endpoint = options.endpoint ?? { host: options.source, port: API_PORT };
    this.#deadline = performance.now() + (options.deadlineMs ?? DEADLINE_MS);
  }

  async run(): Promise<Bundle> {
    const { token, onStep } = this.#options;
    onStep?.('connecting');
    const { clientLoginState, startLoginRequest } = await pake({ step: 'clientStart', token });
    const started = await this.#start(startLoginRequest);
    onStep?.('authenticating');
    const { login_response: loginResponse, exchange_id: exchangeId } = started;
    const session = await pake({ step: 'clientFinish', token, clientLoginState, loginResponse });
    if (!session) throw new MeshwrightError('EXCHANGE_WRONG_TOKEN');
    onStep?.('transferring');
    const { finishLoginRequest, sessionKey } = session;
    const finish = { exchange_id: exchangeId, finish_login_request: finishLoginRequest };
    const finished = await this.#ask('finish', finish);
    if (Value.Check(Refusal, finished)) throw this.#refusal(finished);
    if (!Value.Check(FinishAnswer, finished)) throw this.#nonsense('its answer is not that of a controller');
    onStep?.('verifying');
    const bundle = open(finished.sealed, sessionKey, {
      exchangeId,
      clientVersion: this.#version,
      serverVersion: started.version,
      startLoginRequest,
      loginResponse,
      finishLoginRequest,
    });
    return this.#checked(bundle);
  }

  /** Waits its turn when the source asks for it and the deadline leaves time: all members may fetch at once. */
  async #start(startLoginRequest: string): Promise<StartAnswer> {
    for (;;) {
      const body = { version: this.#version, start_login_request: startLoginRequest };
      const answer = await this.#ask('start', body);
      if (Value.Check(StartAnswer, answer)) return answer;
      if (!Value.Check(Refusal, answer)) throw this.#nonsense('its answer is not that of a controller');
      const pause = answer.refused === 'EXCHANGE_BUSY' ? BUSY_RETRY_MS : (answer.seconds ?? 0) * 1000;
      if (pause === 0 || performance.now() + 2 * pause > this.#deadline) throw this.#refusal(answer);
      await sleep(pause);
    }
  }

  /** A test says itself where its source is. */
  get #guard(): { guard?: DialGuard } {
    return this.#options.endpoint ? { guard: new DialGuard([`${this.#options.endpoint.host}`]) } : {};
  }

  async #ask(step: 'start' | 'finish', body: object): Promise<unknown> {
    const { host, port } = this.#endpoint;
    const timeoutMs = Math.max(1, Math.round(this.#deadline - performance.now()));
    try {
      const path = `${EXCHANGE_PATH}/${step}`;
      const answer = await postJson({ host, port, path, body, timeoutMs, ...this.#guard });
      return (answer as { response?: unknown } | null)?.response;
    } catch (error) {
      if (error instanceof RequestFailure) throw this.#failure(error.kind, error.message);
      throw error;
    }
  }

  #checked(bundle: unknown): Bundle {
    const { source, ownClock = Date.now } = this.#options;
    if (bundle === null) throw new MeshwrightError('FETCH_ALTERED', { source });
    const { version, time } = bundle as Partial<Bundle>;
    if (typeof version !== 'string' || !sameMajor(version, this.#version))
      throw this.#otherVersion(String(version));
    const difference = Math.abs(Number(time) - ownClock());
    if (!(difference <= CLOCK_LIMIT_MS)) {
      const seconds = Math.round(difference / 1000);
      throw new MeshwrightError('FETCH_CLOCK_DIFFERENCE', { source, seconds, limit: CLOCK_LIMIT_MS / 1000 });
    }
    if (!isBundle(bundle)) throw new MeshwrightError('FETCH_UNREADABLE', { source, version });
    return bundle;
  }

  #refusal({ refused, version, seconds }: Refusal): MeshwrightError {
    if (refused === 'EXCHANGE_VERSION') return this.#otherVersion(version);
    if (refused === 'TOO_MANY_ATTEMPTS') return new MeshwrightError(refused, { seconds: seconds ?? 60 });
    if (refused === 'EXCHANGE_MALFORMED') return this.#nonsense('it did not understand the request');
    return new MeshwrightError(refused);
  }

  #otherVersion(theirs: string): MeshwrightError {
    return new MeshwrightError('EXCHANGE_VERSION', { theirs: printable(theirs), ours: this.#version });
  }

  #nonsense(reason: string): MeshwrightError {
    const { source } = this.#options;
    return new MeshwrightError('FETCH_NOT_A_CONTROLLER', { source, port: this.#endpoint.port, reason });
  }

  #failure(kind: FailureKind, message: string): MeshwrightError {
    const detail = { source: this.#options.source, port: this.#endpoint.port };
    switch (kind) {
      case 'refused':
        return new MeshwrightError('FETCH_REFUSED', detail);
      case 'unresolved':
        return new MeshwrightError('FETCH_NAME_UNKNOWN', detail);
      case 'unreachable':
      case 'timeout':
        return new MeshwrightError('FETCH_UNREACHABLE', detail);
      case 'forbidden':
        return new MeshwrightError('DIAL_REFUSED', { field: 'source', reason: printable(message) });
      case 'nonsense':
        return this.#nonsense(printable(message));
    }
  }
}
