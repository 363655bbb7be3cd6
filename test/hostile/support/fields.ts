import type { Operation, Schema } from './operations.ts';

/** A place in a body where a value may stand, and the body around it, which is as good as we can make it. */
export interface Field {
  /** The name of the innermost member. */
  readonly name: string;
  build(value: unknown): unknown;
}

/** What was made before, so that paths lead somewhere. */
export interface Known {
  readonly pack: string;
  readonly rule: string;
}

export const RULE = 'INPUT_CUST -p tcp --dport 443 -j ACCEPT';
export const CONF = 'client\nremote 192.0.2.9 1194\n';
/** What is right for a member of this name, so that it is the attempt beside it that gets looked at. */
const RIGHT: Readonly<Record<string, unknown>> = {
  rule: RULE,
  rules: RULE,
  id: 2,
  conf: CONF,
  self: 1,
  peers: [{ id: 2, address: '192.0.2.2' }],
  address: '192.0.2.2',
  client_address: '192.0.2.1',
  host: '192.0.2.9',
  hosts: ['x1.example'],
  cidr: '10.9.0.0/24',
  networks: ['10.9.0.0/24'],
  entry: '10.9.0.0/24',
  requested_ips: '100.127.255.193',
  type: 'net',
  role: 'viewer',
  password: 'a good password',
  current: 'a good password',
  expired: false,
  enabled: false,
  claim: 'groups',
  version: '1.0.0',
  nonce: 'x'.repeat(16),
  exchange_id: '00000000-0000-4000-8000-000000000000',
  port: 443,
};
const OF_PATTERN: Readonly<Record<string, unknown>> = {
  '^[0-9a-fA-F.:]{2,45}$': '10.0.0.1',
  '^[0-9a-f]{16}$': '0123456789abcdef',
};
const LDAP = /^(bind|encrypt|user_|group_|host|port|otp$)/;
const RADIUS = /^(server|auth_port|accounting_port|pass|radius_password)$/;

/** What a login elsewhere needs next to this field; each provider has fields of its own. */
function provider(field: string): object {
  if (LDAP.test(field)) return { provider: 'ldap' };
  if (RADIUS.test(field)) return { provider: 'radius' };
  return { provider: 'oidc', identifier: 'x1', issuer: 'https://192.0.2.9' };
}

/** What a body of this operation needs besides its schema's own words; never in the place of the attempt. */
function alsoNeeded({ path, method }: Operation, field: string): object {
  if (path.includes('/identity/') && !path.includes('roles')) return provider(field);
  if (path.endsWith('/subtables')) return { type: 'FORWARD', name: unused() };
  if (path.endsWith('/keypair')) return { cert: 'x1', key: 'x1' };
  if (path.includes('/peering/peers')) return { name: '192.0.2.2' };
  return method === 'POST' && /(rules?-groups|fwsets|variables|users)$/.test(path) ? { name: unused() } : {};
}

let serial = 1;
const unused = () => `x${++serial}`;

/** Every place in a body where a text may stand. */
export function fieldsOf(operation: Operation, known: Known): Field[] {
  if (!operation.body) return [];
  return places(operation.body, known, (value) => value, '').map(({ name, build }) => ({
    name,
    build: (value) => {
      const { [name]: _, ...needed } = alsoNeeded(operation, name) as Record<string, unknown>;
      return { ...(build(value) as object), ...needed };
    },
  }));
}

/** A body with nothing wrong in it, for attempts elsewhere in the request. */
export function rightBody(operation: Operation, known: Known): string {
  const { body } = operation;
  return body ? JSON.stringify({ ...required(body, known), ...alsoNeeded(operation, '') }) : '';
}

function places(schema: Schema, known: Known, build: Field['build'], name: string): Field[] {
  if (schema.anyOf) return schema.anyOf.flatMap((one) => places(one, known, build, name));
  if (schema.type === 'array') return places(schema.items ?? {}, known, (value) => build([value]), name);
  if (schema.type !== 'object' || !schema.properties) return [{ name, build }];
  const around = required(schema, known);
  return Object.entries(schema.properties).flatMap(([key, member]) =>
    places(member, known, (value) => build({ ...around, [key]: value }), key),
  );
}

function required(schema: Schema, known: Known): object {
  const names = schema.required ?? [];
  return Object.fromEntries(names.map((key) => [key, right(schema.properties?.[key] ?? {}, key, known)]));
}

function right(schema: Schema, name: string, known: Known): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (name === 'names') return [known.pack];
  if (schema.pattern !== undefined && schema.pattern in OF_PATTERN) return OF_PATTERN[schema.pattern];
  if (name in RIGHT && schema.type !== 'array' && schema.type !== 'integer') return RIGHT[name];
  if (schema.anyOf) return right(schema.anyOf[0]!, name, known);
  if (schema.type === 'object') return required(schema, known);
  if (schema.type === 'array') return [right(schema.items ?? {}, name.replace(/s$/, ''), known)];
  if (schema.type === 'boolean') return true;
  if (schema.type === 'integer' || schema.type === 'number') return schema.minimum ?? 1;
  return 'x1';
}

/** Parameters of a path lead to something that exists; others are left away. */
export function besides({ path }: Operation, name: string, schema: Schema, known: Known): unknown {
  if (!path.includes(`{${name}}`)) return undefined;
  if (name === 'peer_id') return 2;
  if (name === 'name') return path.includes('/clientpack') ? known.pack : 'x1';
  if (name === 'rule_id' || path.includes('/firewall/rules/{id}')) return known.rule;
  return name === 'id' ? 1 : right(schema, name, known);
}
