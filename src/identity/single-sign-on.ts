import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Configuration } from 'openid-client';
import type { Sessions } from '../access/sessions.ts';
import type { User, Users } from '../access/users.ts';
import { MeshwrightError } from '../errors/catalogue.ts';
import { printable } from '../errors/printable.ts';
import { type FetchGuard, guardedFetch } from '../net/guarded-fetch.ts';
import { sourceKey } from '../net/ip-bytes.ts';
import { paths } from '../paths.ts';
import type { IdentityStore } from './identity-settings.ts';
import type { RoleMappings } from './role-mapping.ts';

interface Pending {
  readonly source: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly redirectUri: string;
  readonly settings: string;
  readonly at: number;
}

interface Options {
  readonly store: IdentityStore;
  readonly mappings: RoleMappings;
  readonly users: Users;
  readonly sessions: Sessions;
  readonly fetch?: FetchGuard;
  readonly now?: () => number;
}

/** A login elsewhere has to be over within this time. */
const PENDING_MS = 10 * 60_000;
const MAX_PENDING = 10_000;
/** Of one address, which must not push out what others have begun. Many people may share one. */
const MAX_PENDING_OF_SOURCE = 100;
/** Keys and endpoints of an issuer change rarely, but they change. */
const CONFIGURATION_MS = 3600_000;
/** As much as the library allows at the end of a token. */
const CLOCKS_DIFFER_S = 30;
const SCOPE = 'openid profile email';

/**
 * Login to the console through an OpenID Connect provider: authorization code with PKCE, state and nonce. The user
 * is who issuer and subject say, never who an e-mail address or a name says.
 */
export class SingleSignOn {
  readonly #options: Options;
  readonly #now: () => number;
  /** By the digest of the cookie that the browser holds meanwhile, so that nobody can hand his login to another. */
  readonly #pending = new Map<string, Pending>();
  #configuration: { settings: string; at: number; value: Promise<Configuration> } | null = null;

  constructor(options: Options) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  isOn(): boolean {
    const settings = this.#options.store.get('controller');
    return settings?.enabled === true && settings.provider === 'oidc';
  }

  /** The name that the redirect comes back to, when an operator chose one. */
  redirectHost(): string | null {
    const host = this.#options.store.get('controller')?.fields.redirect_hostname;
    return typeof host === 'string' ? host : null;
  }

  /** Where to send the browser, and the cookie that it has to come back with. */
  async begin(redirectUri: string, address: string): Promise<{ url: string; cookie: string }> {
    const client = await import('openid-client');
    const configuration = await this.#configured();
    const cookie = randomBytes(32).toString('base64url');
    const pending = {
      source: sourceKey(address),
      state: client.randomState(),
      nonce: client.randomNonce(),
      verifier: client.randomPKCECodeVerifier(),
      redirectUri,
      settings: this.#settingsText(),
      at: this.#now(),
    };
    this.#remember(digestOf(cookie), pending);
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: SCOPE,
      state: pending.state,
      nonce: pending.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(pending.verifier),
      code_challenge_method: 'S256',
    });
    return { url: url.href, cookie };
  }

  /** The user who comes back. `query` is what the provider added to the redirect. */
  async finish(cookie: string | null, query: string): Promise<User> {
    const digest = cookie === null ? '' : digestOf(cookie);
    const pending = this.#pending.get(digest);
    this.#pending.delete(digest);
    const isOld = pending && this.#now() - pending.at > PENDING_MS;
    if (!pending || isOld || pending.settings !== this.#settingsText())
      throw new MeshwrightError('SSO_FORGOTTEN');
    const claims = await this.#claims(pending, query);
    const role = this.#options.mappings.roleOf(claims);
    if (!role) throw new MeshwrightError('SSO_NO_ROLE');
    return this.#user({ issuer: claims.iss, subject: claims.sub }, claims, role);
  }

  async #claims(
    pending: Pending,
    query: string,
  ): Promise<Readonly<Record<string, unknown>> & { iss: string; sub: string }> {
    try {
      const client = await import('openid-client');
      const configuration = await this.#configured();
      const tokens = await client.authorizationCodeGrant(
        configuration,
        new URL(`${pending.redirectUri}?${query}`),
        {
          pkceCodeVerifier: pending.verifier,
          expectedState: pending.state,
          expectedNonce: pending.nonce,
          idTokenExpected: true,
        },
      );
      const claims = tokens.claims()!;
      // What the library leaves to its user: it asks for both, and looks at neither.
      if (claims.sub === '') throw new Error('the ID token names nobody');
      if (claims.iat > this.#now() / 1000 + CLOCKS_DIFFER_S)
        throw new Error('the ID token is from the future');
      const { claim } = this.#options.mappings.get();
      if (Object.hasOwn(claims, claim) || !configuration.serverMetadata().userinfo_endpoint) return claims;
      return { ...(await client.fetchUserInfo(configuration, tokens.access_token, claims.sub)), ...claims };
    } catch (error) {
      throw failure(error);
    }
  }

  #user(
    identity: { issuer: string; subject: string },
    claims: Readonly<Record<string, unknown>>,
    role: User['role'],
  ): User {
    const { users, sessions } = this.#options;
    const known = users.byIdentity(identity.issuer, identity.subject);
    if (!known) return users.createForeign(identity, nameIn(claims), role);
    if (known.disabled) throw new MeshwrightError('LOGIN_FAILED');
    if (known.role !== role) {
      users.setRole(known.id, role);
      sessions.endOfUser(known.id);
    }
    return users.byId(known.id)!;
  }

  async #configured(): Promise<Configuration> {
    if (!this.isOn()) throw new MeshwrightError('SSO_OFF');
    const settings = this.#settingsText();
    const known = this.#configuration;
    if (known && known.settings === settings && this.#now() - known.at < CONFIGURATION_MS) return known.value;
    const value = this.#discover();
    this.#configuration = { settings, at: this.#now(), value };
    try {
      return await value;
    } catch (error) {
      this.#configuration = null;
      throw failure(error);
    }
  }

  async #discover(): Promise<Configuration> {
    const client = await import('openid-client');
    const { fields } = this.#options.store.get('controller')!;
    const text = (name: string) => (fields[name] === undefined ? undefined : String(fields[name]));
    const issuer = text('issuer')!;
    const given = {
      authorization_endpoint: text('authorization_endpoint'),
      token_endpoint: text('token_endpoint'),
      userinfo_endpoint: text('userinfo_endpoint'),
      jwks_uri: text('jwks_uri'),
    };
    const fetch = guardedFetch(this.#options.fetch ?? { ca: privateAuthorities() });
    const isComplete = given.authorization_endpoint && given.token_endpoint && given.jwks_uri;
    const found = isComplete
      ? { issuer }
      : (
          await client.discovery(new URL(issuer), text('identifier')!, undefined, undefined, {
            [client.customFetch]: fetch as never,
          })
        ).serverMetadata();
    const known = Object.entries(given).filter(([, value]) => value !== undefined);
    const server = { ...found, ...Object.fromEntries(known) } as typeof found & Record<string, unknown>;
    const secret = text('secret');
    const methods = server.token_endpoint_auth_methods_supported;
    const usesPost = Array.isArray(methods) && !methods.includes('client_secret_basic');
    const how = !secret
      ? client.None()
      : usesPost
        ? client.ClientSecretPost(secret)
        : client.ClientSecretBasic(secret);
    const configuration = new client.Configuration(server as never, text('identifier')!, secret, how);
    configuration[client.customFetch] = fetch as never;
    // The token comes over TLS from the issuer itself; its signature is checked all the same.
    client.enableNonRepudiationChecks(configuration);
    return configuration;
  }

  #settingsText(): string {
    return JSON.stringify(this.#options.store.get('controller'));
  }

  #remember(digest: string, pending: Pending): void {
    for (const [key, { at }] of this.#pending) if (this.#now() - at > PENDING_MS) this.#pending.delete(key);
    this.#pending.set(digest, pending);
    const own = [...this.#pending].filter(([, { source }]) => source === pending.source);
    if (own.length > MAX_PENDING_OF_SOURCE) this.#pending.delete(own[0]![0]);
    if (this.#pending.size > MAX_PENDING) this.#pending.delete(this.#pending.keys().next().value!);
  }
}

const digestOf = (text: string) => createHash('sha256').update(text).digest('hex');

/** A name for people to read. An address counts only when the provider says that it was verified. */
function nameIn({
  preferred_username,
  email,
  email_verified,
  sub,
}: Readonly<Record<string, unknown>>): string {
  if (typeof preferred_username === 'string' && preferred_username !== '') return preferred_username;
  if (typeof email === 'string' && email !== '' && email_verified === true) return email;
  return String(sub);
}

/** What a browser and a log may hear: the kind of the failure, never what was in a token. */
function failure(error: unknown): MeshwrightError {
  if (error instanceof MeshwrightError) return error;
  const {
    message = 'unknown',
    code,
    cause,
  } = error as { message?: string; code?: string; cause?: { message?: string } };
  const reason = printable([code, message, cause?.message].filter(Boolean).join(': '));
  console.error(`single sign-on: ${reason}`);
  return new MeshwrightError('SSO_FAILED', { why: reason });
}

function privateAuthorities(): string | undefined {
  try {
    return readFileSync(paths.identityAuthorities, 'utf8');
  } catch {
    return undefined;
  }
}
