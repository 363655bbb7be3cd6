import { invalid, MeshwrightError } from '../errors/catalogue.ts';
import { parseHost } from '../net/host.ts';
import type { Database } from '../store/database.ts';
import { Setting } from '../store/settings.ts';

/** Whose logins: those of the console, or those of VPN clients. */
export type Audience = 'controller' | 'vpn';
export type Provider = 'ldap' | 'radius' | 'oidc';

export interface IdentitySettings {
  readonly provider: Provider;
  readonly enabled: boolean;
  readonly fields: Readonly<Record<string, string | number | boolean>>;
}

export const MASK = '*'.repeat(8);
const MAX_TEXT = 4096;

const OIDC_URLS = [
  'issuer',
  'authorization_endpoint',
  'token_endpoint',
  'userinfo_endpoint',
  'jwks_uri',
  'otp_url',
];
const OIDC = ['identifier', 'secret', 'redirect_hostname', ...OIDC_URLS];
const RADIUS = ['server', 'auth_port', 'accounting_port', 'pass'];
const LDAP = [
  'host',
  'port',
  'encrypt',
  'encrypt_ldaps',
  'encrypt_verify_ca',
  'binddn',
  'bindpw',
  'encrypt_auth_cert_data',
  'encrypt_auth_cert_filename',
  'encrypt_auth_key_data',
  'encrypt_auth_key_filename',
  'encrypt_ca_cert_data',
  'encrypt_ca_cert_filename',
  'user_base',
  'user_id_attribute',
  'user_list_filter',
  'group_base',
  'group_id_attribute',
  'group_list_filter',
  'group_member_attribute',
  'group_member_attr_format',
  'group_search_scope',
  'otp',
  'otp_url',
];
const FIELDS: Readonly<Record<Provider, readonly string[]>> = { ldap: LDAP, radius: RADIUS, oidc: OIDC };
const SECRETS = new Set(['secret', 'pass', 'bindpw', 'encrypt_auth_key_data']);

/** Settings of logins elsewhere. They are kept for every provider; only OpenID Connect for the console is in use. */
export class IdentityStore {
  readonly #stored: Readonly<Record<Audience, Setting<IdentitySettings>>>;

  constructor(db: Database) {
    this.#stored = {
      controller: new Setting(db, 'identity.controller', 'secret'),
      vpn: new Setting(db, 'identity.vpn', 'secret'),
    };
  }

  get(audience: Audience): IdentitySettings | null {
    return this.#stored[audience].get();
  }

  set(audience: Audience, body: Readonly<Record<string, unknown>>): void {
    this.#stored[audience].set(parse(audience, body, this.get(audience)));
  }

  clear(audience: Audience): void {
    this.#stored[audience].clear();
  }

  /** As clients see them. A typed client takes nothing but the fields of the provider. */
  view(audience: Audience): object {
    const settings = this.get(audience);
    if (!settings) return { enabled: false };
    const { provider, enabled, fields } = settings;
    const shown = Object.entries(fields).map(([name, value]) => [name, SECRETS.has(name) ? MASK : value]);
    return { provider, enabled, ...Object.fromEntries(shown) };
  }
}

function parse(
  audience: Audience,
  body: Readonly<Record<string, unknown>>,
  before: IdentitySettings | null,
): IdentitySettings {
  const provider = body.provider;
  const known: readonly unknown[] = audience === 'vpn' ? ['ldap', 'radius', 'oidc'] : ['ldap', 'oidc'];
  if (!known.includes(provider)) throw invalid('provider', `must be one of ${known.join(', ')}`, provider);
  if (typeof body.enabled !== 'boolean') throw new MeshwrightError('ARGUMENT_MISSING', { field: 'enabled' });
  // To say that it is on while nobody is asked there would be worse than a refusal.
  if (body.enabled && !(audience === 'controller' && provider === 'oidc')) {
    const who = audience === 'vpn' ? 'of VPN clients' : 'of the console';
    throw new MeshwrightError('NOT_SUPPORTED', {
      what: `Login ${who} through ${String(provider).toUpperCase()}`,
    });
  }
  const fields: Record<string, string | number | boolean> = {};
  const given = withOldNames(body);
  for (const name of FIELDS[provider as Provider]) {
    const value = given[name];
    if (value === undefined || value === null || value === '') continue;
    const kept = SECRETS.has(name) && value === MASK ? before?.fields[name] : value;
    if (kept !== undefined) fields[name] = parseField(name, kept);
  }
  if (provider === 'oidc') checkOidc(fields);
  return { provider: provider as Provider, enabled: body.enabled, fields };
}

/** What other clients call the same things. */
function withOldNames(body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { redirect_uri, provider_url, radius_password } = body;
  const host =
    typeof redirect_uri === 'string' && URL.canParse(redirect_uri) ? new URL(redirect_uri).host : null;
  return {
    ...body,
    issuer: body.issuer || provider_url,
    redirect_hostname: body.redirect_hostname || host,
    pass: body.pass || radius_password,
  };
}

function parseField(name: string, value: unknown): string | number | boolean {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') throw invalid(name, 'must be text');
  if (value.length > MAX_TEXT) throw invalid(name, `must have at most ${MAX_TEXT} characters`);
  const isPem = name.endsWith('_data');
  if (!isPem && /[\p{Cc}\u2028\u2029]/u.test(value)) throw invalid(name, 'must not hold control characters');
  return value;
}

function checkOidc(fields: Readonly<Record<string, string | number | boolean>>): void {
  for (const field of ['identifier', 'issuer']) {
    if (!fields[field]) throw new MeshwrightError('ARGUMENT_MISSING', { field });
  }
  for (const name of OIDC_URLS) {
    const text = fields[name];
    if (text === undefined) continue;
    const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : null;
    if (url?.protocol !== 'https:') throw invalid(name, 'must be an https URL');
    if (url.username !== '' || url.password !== '' || url.hash !== '') {
      throw invalid(name, 'must not hold a user name, a password or a fragment');
    }
  }
  const host = fields.redirect_hostname;
  if (host === undefined) return;
  const name = parseHost(String(host).replace(/:\d{1,5}$/, ''));
  if (name.kind === 'invalid' && host !== 'localhost') throw invalid('redirect_hostname', name.why ?? '');
}
