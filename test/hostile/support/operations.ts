import { readFileSync } from 'node:fs';
import fc from 'fast-check';

/** What the API's own description says of an operation, as far as attacks need it. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly permission: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: 'path' | 'query';
    readonly schema: Schema;
  }[];
  readonly body: Schema | null;
  readonly isRaw: boolean;
  readonly statuses: readonly string[];
  /** Its answer does not end. */
  readonly isStream: boolean;
}

export interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Every operation of the document, so that a new route is attacked without anybody doing something for it. */
export function operations(): Operation[] {
  const file = new URL('../../../docs/openapi.json', import.meta.url);
  const { paths } = JSON.parse(readFileSync(file, 'utf8')) as {
    paths: Record<string, Record<string, never>>;
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Record<string, never>>).map(([method, operation]) => {
      const {
        parameters = [],
        requestBody,
        description,
        summary,
        responses,
      } = operation as unknown as {
        parameters?: Operation['parameters'];
        requestBody?: { content: Record<string, { schema: Schema }> };
        description: string;
        summary: string;
        responses: object;
      };
      const json = requestBody?.content['application/json'];
      return {
        method: method.toUpperCase(),
        path,
        permission: /Permission: `([^`]+)`/.exec(description)?.[1] ?? '',
        parameters,
        body: json?.schema ?? null,
        isRaw: requestBody !== undefined && json === undefined,
        statuses: Object.keys(responses),
        isStream: summary.includes('text/event-stream'),
      };
    }),
  );
}

/** The path with its parameters, encoded as clients do it. */
export function target(
  { path, parameters }: Operation,
  value: (name: string, schema: Schema) => unknown,
): string {
  const query: string[] = [];
  let filled = path;
  for (const { name, in: place, schema } of parameters) {
    const given = value(name, schema);
    if (given === undefined) continue;
    const text = encodeURIComponent(asText(given).toWellFormed());
    if (place === 'path') filled = filled.replace(`{${name}}`, text || '1');
    else query.push(`${encodeURIComponent(name)}=${text}`);
  }
  filled = filled.replaceAll('*', 'x');
  return query.length > 0 ? `${filled}?${query.join('&')}` : filled;
}

const asText = (value: unknown): string =>
  typeof value === 'object' ? JSON.stringify(value) : String(value);

const SPECIAL = [
  ...[
    '',
    ' ',
    '\0',
    '\n',
    '\r\nX: y',
    '..',
    '../../../etc/passwd',
    '%00',
    '%2e%2e%2f',
    '$\u007b7*7}',
    '{{7*7}}',
    "' OR 1=1 --",
  ],
  ...[
    '<script>alert(1)</script>',
    '\u2028',
    '\u202e',
    '\ud800',
    '-rf',
    '--help',
    '$(id)',
    '`id`',
    ';id',
    '|id',
    '0',
    '-1',
  ],
  ...[
    '1e309',
    '9'.repeat(40),
    'true',
    'null',
    'undefined',
    '[object Object]',
    '__proto__',
    'constructor',
    'x'.repeat(5000),
  ],
];
/** Only names and addresses that lead nowhere: attacks must not become traffic to machines of others. */
const HOSTS = [
  '127.0.0.1',
  '::1',
  'localhost',
  'name.invalid',
  '169.254.169.254',
  '0.0.0.0',
  '999.1.1.1',
  'a b',
  '-x',
  '',
];
const IS_HOST = /host|source|address|issuer|url|uri|endpoint|server|gateway|^name$|ip/i;

export const text = (name: string): fc.Arbitrary<unknown> =>
  IS_HOST.test(name)
    ? fc.constantFrom<unknown>(...HOSTS, ...HOSTS.map((host) => `https://${host}`), ...SPECIAL.slice(0, 12))
    : fc.oneof(
        fc.constantFrom<unknown>(...SPECIAL),
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.string({ maxLength: 20 }),
      );

/** Values that a schema would take, and next to them many that it would not. */
export function valueFor(schema: Schema, name = '', depth = 0): fc.Arbitrary<unknown> {
  const wrong = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom<unknown>(null, [], {}, true, -1, 2 ** 53, ''),
  );
  const right = ((): fc.Arbitrary<unknown> => {
    if (schema.const !== undefined) return fc.constant(schema.const);
    if (schema.enum) return fc.constantFrom(...schema.enum);
    if (schema.anyOf) return fc.oneof(...schema.anyOf.map((one) => valueFor(one, name, depth + 1)));
    switch (schema.type) {
      case 'string':
        return text(name);
      case 'integer':
      case 'number':
        return fc.oneof(
          fc.integer({ min: schema.minimum ?? -3, max: Math.min(schema.maximum ?? 300, 4_000_000) }),
          fc.constantFrom<unknown>(0, 1, '2', -1, 2 ** 31, 2 ** 63, 0.5, Number.MAX_SAFE_INTEGER, '1e3'),
        );
      case 'boolean':
        return fc.constantFrom<unknown>(true, false, 'True', 'false', 'yes', 1);
      case 'array':
        return fc.array(valueFor(schema.items ?? {}, name, depth + 1), { maxLength: 4 });
      case 'object': {
        const members = Object.entries(schema.properties ?? {}).map(([key, member]) => [
          key,
          valueFor(member, key, depth + 1),
        ]);
        return fc
          .tuple(
            fc.record(Object.fromEntries(members), { requiredKeys: [] }),
            fc.constantFrom({}, { extra: 1 }, { constructor: { prototype: 1 } }),
          )
          .map(([record, more]) => ({ ...(record as object), ...more }));
      }
      default:
        return fc.jsonValue({ maxDepth: 2 });
    }
  })();
  return fc.oneof({ arbitrary: right, weight: 8 }, { arbitrary: wrong, weight: depth > 2 ? 0 : 1 });
}
