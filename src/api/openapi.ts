import type { TSchema } from 'typebox';
import { VERSION } from '../version.ts';
import type { RouteEntry } from './route-table.ts';

type Json = Record<string, unknown>;

const ERROR_NAMES =
  'The body is `{"error": {"name", "log", "message"}}`; the header `meshwright-error` holds the code.';

/** The OpenAPI document of a route table. Pure, so that the stored file can be compared with it. */
export function openApiDocument(entries: readonly RouteEntry[]): Json {
  const paths: Record<string, Json> = {};
  const shown = entries.filter(({ method, schema }) => method !== 'HEAD' && !schema?.hide);
  for (const entry of [...shown].sort((a, b) => compare(a.url, b.url) || compare(a.method, b.method))) {
    const path = entry.url.replaceAll(/:([A-Za-z_]+)/g, '{$1}');
    paths[path] = { ...paths[path], [entry.method.toLowerCase()]: operation(entry) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Meshwright controller',
      version: VERSION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description: 'Overlay-mesh controller, compatible with clients of the VNS3 API.',
    },
    servers: [{ url: 'https://{host}:8000', variables: { host: { default: 'localhost' } } }],
    security: [{ basic: [] }, { token: [] }, { session: [] }],
    paths,
    components: {
      securitySchemes: {
        basic: { type: 'http', scheme: 'basic', description: 'User name `api` and the API password' },
        token: { type: 'apiKey', in: 'header', name: 'api-token' },
        session: { type: 'apiKey', in: 'cookie', name: '__Host-meshwright' },
      },
      schemas: { Error: ERROR_SCHEMA },
    },
  };
}

const ERROR_SCHEMA = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['name', 'log', 'message'],
      properties: { name: { type: 'string' }, log: { type: 'string' }, message: { type: 'string' } },
    },
  },
};

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function operation({ method, url, schema, raw, licensed, permission }: RouteEntry): Json {
  const parameters = [...parametersOf('path', schema?.params), ...parametersOf('query', schema?.querystring)];
  const content = raw
    ? RAW_CONTENT
    : schema?.body
      ? { 'application/json': { schema: plain(schema.body) } }
      : null;
  return {
    operationId: operationId(method, url),
    summary: schema?.summary ?? '',
    description: `Permission: \`${permission}\`.${licensed ? ' Needs a licence.' : ''}`,
    tags: [url.split('/')[2] ?? 'api'],
    ...(permission === 'public' && { security: [] }),
    ...(parameters.length > 0 && { parameters }),
    ...(content && { requestBody: { content } }),
    responses: { ...responses(schema?.response), default: ERROR_RESPONSE },
  };
}

const RAW_CONTENT = { 'text/plain': { schema: { type: 'string' } } };

const ERROR_RESPONSE = {
  description: ERROR_NAMES,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
};

function responses(response: unknown): Json {
  const described = Object.entries((response ?? { 200: {} }) as Record<string, TSchema>);
  return Object.fromEntries(
    described.map(([status, schema]) => [
      status,
      Number(status) >= 300
        ? { description: 'Redirect' }
        : { description: 'Success', content: { 'application/json': { schema: plain(schema) } } },
    ]),
  );
}

function parametersOf(place: 'path' | 'query', schema: unknown): Json[] {
  const { properties = {}, required = [] } = (schema ?? {}) as {
    properties?: Record<string, TSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, member]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: plain(member),
  }));
}

function operationId(method: string, url: string): string {
  const words = url.split(/[/_:*.-]+/).filter((word) => word && word !== 'api');
  return method.toLowerCase() + words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('');
}

/** The schema as JSON: without symbols, and without the keywords that only our own code reads. */
function plain(schema: unknown): Json {
  return JSON.parse(
    JSON.stringify(schema, (key, value) => (key === 'x-keep-empty' ? undefined : value)),
  ) as Json;
}
