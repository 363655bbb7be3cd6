import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { MeshwrightError } from '../errors/catalogue.ts';
import type { ApiContext } from './context.ts';
import { LoginThrottle } from './login-throttle.ts';
import { API_PRINCIPAL, LOCAL_PRINCIPAL, type Principal } from './permission.ts';
import { requireOwnPage, sessionIdOf } from './session-cookie.ts';

const USER = 'api';
const localRequests = new WeakSet<IncomingMessage>();

/** Says that a request came in over the control socket, whose file mode is its authentication. */
export function markLocal(request: IncomingMessage): void {
  localRequests.add(request);
}

type Credentials = Pick<ApiContext, 'apiPassword' | 'tokens' | 'access'>;

/**
 * Finds out who is asking. A token is looked at first, then Basic; clients send both when they have both. A browser
 * sends cookies without being asked, so a session counts only for a request without any other credentials, and only
 * from our own pages.
 */
export class Authentication {
  readonly #credentials: Credentials;
  readonly #throttle: LoginThrottle;

  constructor(credentials: Credentials, throttle: LoginThrottle = new LoginThrottle()) {
    this.#credentials = credentials;
    this.#throttle = throttle;
  }

  async authenticate(request: FastifyRequest): Promise<Principal> {
    if (localRequests.has(request.raw)) return LOCAL_PRINCIPAL;
    const token = request.headers['api-token'];
    const password = basicPassword(request.headers.authorization);
    // A request without a password guesses nothing (nobody guesses 256 bits), so it is not counted.
    if (token === undefined && password === null) return this.#session(request);
    const source = request.socket.remoteAddress ?? 'unknown';
    await this.#throttle.admit(source);
    const principal = await this.#check(token, password);
    if (!principal) {
      this.#throttle.failed(source);
      throw new MeshwrightError('UNAUTHORIZED');
    }
    this.#throttle.succeeded(source);
    return principal;
  }

  #session(request: FastifyRequest): Principal {
    const id = sessionIdOf(request);
    if (id === null) throw new MeshwrightError('UNAUTHORIZED');
    const { account, sessions, hosts } = this.#credentials.access;
    requireOwnPage(request, hosts);
    const digest = sessions.use(id);
    if (digest === null) throw new MeshwrightError('UNAUTHORIZED');
    return {
      name: account.username,
      permissions: 'everything-remote',
      mustChange: account.mustChange,
      onEnd: (listener) => sessions.onEnd(digest, listener),
    };
  }

  async #check(token: string | string[] | undefined, password: string | null): Promise<Principal | null> {
    if (typeof token === 'string') {
      const principal = this.#credentials.tokens?.principal(token);
      if (principal) return principal;
    }
    if (password !== null && (await this.#credentials.apiPassword.verify(password))) return API_PRINCIPAL;
    return null;
  }
}

/** The password of a Basic header for our one user. Another user name is a wrong password, not a missing one. */
function basicPassword(header: string | undefined): string | null {
  const encoded = /^Basic +([A-Za-z0-9+/_-]+={0,2}) *$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return header === undefined ? null : '';
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  return text.startsWith(`${USER}:`) ? text.slice(USER.length + 1) : '';
}

/**
 * Asks for Basic credentials, except from pages: a browser that answered with a dialogue would keep the password
 * and send it along with requests that other sites cause.
 */
export function challenge(request: FastifyRequest, reply: FastifyReply): void {
  if (request.headers['sec-fetch-mode'] === undefined) {
    reply.header('www-authenticate', 'Basic realm="meshwright", charset="UTF-8"');
  }
}

/** Refuses changes that a page of another site makes a browser send. Programs do not send this header. */
export function refuseForeignPages(request: FastifyRequest): void {
  const site = request.headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return;
  if (request.method !== 'GET' && request.method !== 'HEAD') throw new MeshwrightError('REQUEST_FOREIGN');
}

/** Answers that run on and on, such as the event stream, must not outlive the session that may read them. */
export function endWithSession({ onEnd }: Principal, request: FastifyRequest, reply: FastifyReply): void {
  if (!onEnd || request.method !== 'GET') return;
  reply.raw.once(
    'close',
    onEnd(() => reply.raw.destroy()),
  );
}
