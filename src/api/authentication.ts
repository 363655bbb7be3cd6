import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { packOf } from '../access/access-urls.ts';
import { API_USER } from '../access/names.ts';
import { lesser, type Role } from '../access/roles.ts';
import { MeshwrightError } from '../errors/catalogue.ts';
import type { ApiContext } from './context.ts';
import { API_PRINCIPAL, LOCAL_PRINCIPAL, type Principal } from './permission.ts';
import { requireOwnPage, sessionIdOf } from './session-cookie.ts';
import { sourceOf } from './source.ts';

const localRequests = new WeakSet<IncomingMessage>();

/** Says that a request came in over the control socket, whose file mode is its authentication. */
export function markLocal(request: IncomingMessage): void {
  localRequests.add(request);
}

type Credentials = Pick<ApiContext, 'apiPassword' | 'tokens' | 'access'>;

interface Basic {
  readonly user: string;
  readonly password: string;
}

/**
 * Finds out who is asking. A token is looked at first, then Basic; clients send both when they have both. A browser
 * sends cookies without being asked, so a session counts only for a request without any other credentials, and only
 * from our own pages.
 */
export class Authentication {
  readonly #credentials: Credentials;

  constructor(credentials: Credentials) {
    this.#credentials = credentials;
  }

  async authenticate(request: FastifyRequest): Promise<Principal> {
    if (localRequests.has(request.raw)) return LOCAL_PRINCIPAL;
    const token = request.headers['api-token'];
    const basic = basicCredentials(request.headers.authorization);
    // A request without a password guesses nothing (nobody guesses 256 bits), so it is not counted.
    if (token === undefined && basic === null) return this.#session(request);
    const source = sourceOf(request);
    const { throttle } = this.#credentials.access;
    await throttle.admit(source, basic?.user);
    const principal = await this.#check(token, basic, source);
    if (!principal) {
      throttle.failed(source, basic?.user);
      throw new MeshwrightError('UNAUTHORIZED');
    }
    throttle.succeeded(source, basic?.user);
    return principal;
  }

  #session(request: FastifyRequest): Principal {
    const id = sessionIdOf(request);
    if (id === null) throw new MeshwrightError('UNAUTHORIZED');
    const { account, sessions, hosts } = this.#credentials.access;
    requireOwnPage(request, hosts);
    const digest = account.enabled ? sessions.use(id) : null;
    const principal = digest === null ? null : this.#owner(digest);
    if (!principal) throw new MeshwrightError('UNAUTHORIZED');
    return principal;
  }

  #isGoodSession(digest: string): boolean {
    return this.#credentials.access.account.enabled && this.#owner(digest) !== null;
  }

  #owner(digest: string): Principal | null {
    const { users, sessions, urls } = this.#credentials.access;
    const session = sessions.describe(digest);
    const common = {
      session: digest,
      onEnd: (listener: () => void) => sessions.onEnd(digest, listener),
      isGood: () => this.#isGoodSession(digest),
    };
    if (session?.urlId) {
      const url = urls.find(session.urlId);
      const role = url && this.#roleOf(url.role, url.user_id);
      if (!url || !role || urls.isOver(url)) return null;
      const clientpack = packOf(url);
      const visitor = { ...common, name: `access URL ${url.id}`, userId: null };
      if (clientpack === null) return { ...visitor, permissions: role };
      return { ...visitor, permissions: new Set(['clientpack-files:read'] as const), clientpack };
    }
    const user = session?.userId ? users.byId(session.userId) : null;
    if (!user || user.disabled) return null;
    return {
      ...common,
      name: user.name,
      userId: user.id,
      permissions: user.role,
      mustChange: user.mustChange,
    };
  }

  async #check(
    token: string | string[] | undefined,
    basic: Basic | null,
    source: string,
  ): Promise<Principal | null> {
    if (typeof token === 'string') {
      const principal = this.#credentials.tokens?.principal(token) ?? this.#ofToken(token, source);
      if (principal) return principal;
    }
    return basic && this.#ofPassword(basic);
  }

  #ofToken(token: string, source: string): Principal | null {
    const { tokens } = this.#credentials.access;
    const row = tokens.use(token, source);
    const role = row && this.#roleOf(row.role, row.user_id);
    if (!role) return null;
    const isGood = () => tokens.lives(row.id) && this.#roleOf(row.role, row.user_id) === role;
    return { name: `token ${row.id}`, permissions: role, userId: row.user_id, isGood };
  }

  async #ofPassword({ user: name, password }: Basic): Promise<Principal | null> {
    const { apiPassword, access } = this.#credentials;
    if (name === API_USER) {
      if (!(await apiPassword.verify(password))) return null;
      const { generation } = apiPassword;
      return { ...API_PRINCIPAL, isGood: () => apiPassword.generation === generation };
    }
    const user = name === '' ? null : await access.users.verify(name, password);
    if (!user) return null;
    // A password alone must not be a way around the second factor.
    if (user.totp?.confirmed) throw new MeshwrightError('SECOND_FACTOR_NEEDED');
    const stamp = access.users.stampOf(user.id);
    return {
      name: user.name,
      permissions: user.role,
      userId: user.id,
      mustChange: user.mustChange,
      isGood: () => access.users.stampOf(user.id) === stamp,
    };
  }

  /** What a grant is worth now: never more than its maker may today, and nothing without him. */
  #roleOf(role: Role, makerId: number | null): Role | null {
    if (makerId === null) return role;
    const maker = this.#credentials.access.users.byId(makerId);
    return maker && !maker.disabled ? lesser(role, maker.role) : null;
  }
}

/** What a Basic header says; a header that says nothing sensible is a wrong password, not a missing one. */
function basicCredentials(header: string | undefined): Basic | null {
  if (header === undefined) return null;
  const encoded = /^Basic +([A-Za-z0-9+/_-]+={0,2}) *$/i.exec(header)?.[1] ?? '';
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0
    ? { user: '', password: '' }
    : { user: text.slice(0, colon), password: text.slice(colon + 1) };
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

/** Whoever came for one clientpack gets no other, whichever way a route names it. */
export function requireOwnClientpack({ clientpack }: Principal, request: FastifyRequest): void {
  if (clientpack === undefined) return;
  const { name, file } = { ...(request.query as Names), ...(request.params as Names) };
  const asked = [name, file]
    .filter((one) => one !== undefined)
    .map((one) => String(one).replace(/\..*$/, ''));
  if (asked.length > 0 && asked.every((one) => one === clientpack)) return;
  throw new MeshwrightError('PERMISSION_MISSING', { permission: `an access URL for another clientpack` });
}

interface Names {
  readonly name?: unknown;
  readonly file?: unknown;
}

/** Answers that run on and on, such as the event stream, must not outlive the session that may read them. */
export function endWithSession({ onEnd }: Principal, request: FastifyRequest, reply: FastifyReply): void {
  if (!onEnd || request.method !== 'GET') return;
  reply.raw.once(
    'close',
    onEnd(() => reply.raw.destroy()),
  );
}
