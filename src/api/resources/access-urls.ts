import type { FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import type { UrlRow } from '../../access/access-urls.ts';
import { lesser } from '../../access/roles.ts';
import { MeshwrightError } from '../../errors/catalogue.ts';
import { API_PORT } from '../../paths.ts';
import type { ApiContext } from '../context.ts';
import { roleOf } from '../permission.ts';
import { sourceOf } from '../source.ts';
import { Expiry, GrantId, grantedRole, grantTimes, MASKED } from './access-tokens.ts';
import { Answer, answer, type Resource } from './resource.ts';

export const Url = Type.Object({
  id: Type.Integer(),
  url: Type.String({ description: 'Whole in the answer that makes it; after that only its beginning' }),
  access: Type.String({ description: '`rs` for the console, `cp:<clientpack>` for one clientpack' }),
  name: Type.String(),
  role: Type.String({ description: 'What the visitor of a console may do' }),
  once: Type.Boolean({ description: 'The first visit is the last one' }),
  created_at: Type.String(),
  created_ip: Type.String(),
  expires_at: Type.String(),
  lifetime: Type.String({ description: 'E.g. `1h`' }),
  expired: Type.Boolean(),
  last_accessed_at: Type.Optional(Type.String()),
  last_accessed_ip: Type.Optional(Type.String()),
});
export type Url = Static<typeof Url>;
const NewUrl = Type.Object({
  name: Type.Optional(Type.String()),
  description: Type.Optional(Type.String({ description: 'Former name of `name`' })),
  expires: Type.Optional(Type.Integer({ description: 'Seconds, 60 to 259200; default 3600' })),
  access: Type.Optional(Type.String({ description: '`rs` (default) or `cp:<clientpack>`' })),
  once: Type.Optional(Type.Boolean({ description: 'The first visit is the last one' })),
  role: Type.Optional(
    Type.String({ description: 'Of a visitor of the console: `operator` unless you say otherwise' }),
  ),
});
const Which = Type.Object({
  access_url_id: Type.Optional(Type.Integer()),
  access_url: Type.Optional(Type.String()),
});

/** URLs that log somebody in without a password, for a while or once. */
export const accessUrlRoutes: Resource = (api, ctx) => {
  const config = { permission: 'access:write' } as const;
  const reading = { permission: 'access:read' } as const;
  const path = '/access/url/:id';
  const removed = (id: number) => {
    ctx.access.urls.remove(id);
    ctx.access.sessions.endOfUrl(id);
    return answer('Access url deleted');
  };
  api.get(
    '/access/urls',
    { config: reading, schema: { summary: 'List access URLs', response: Answer(Type.Array(Url)) } },
    (request) => answer(ctx.access.urls.list().map((row) => toWire(ctx, request, row))),
  );
  api.post(
    '/access/url',
    {
      config,
      schema: {
        summary: 'Make an access URL',
        body: NewUrl,
        response: { 201: Type.Object({ response: Url }) },
      },
    },
    (request, reply) => {
      const { name, description, expires = 3600, access = 'rs', once = false, role } = request.body;
      const own = roleOf(request.principal!);
      const { row, secret } = ctx.access.urls.create({
        name: name ?? description ?? '',
        expires,
        access,
        once,
        role: grantedRole(role ?? lesser('operator', own), own),
        userId: request.principal!.userId ?? null,
        source: sourceOf(request),
      });
      reply.code(201);
      return answer(toWire(ctx, request, row, secret));
    },
  );
  api.get(
    path,
    { config: reading, schema: { summary: 'Show an access URL', params: GrantId, response: Answer(Url) } },
    (request) => answer(toWire(ctx, request, ctx.access.urls.get(idOf(request.params.id)))),
  );
  api.put(
    path,
    {
      config,
      schema: {
        summary: 'End an access URL, or give it a new life',
        params: GrantId,
        body: Expiry,
        response: Answer(Url),
      },
    },
    (request) => {
      const row = ctx.access.urls.setExpired(idOf(request.params.id), request.body.expired);
      if (request.body.expired) ctx.access.sessions.endOfUrl(row.id);
      return answer(toWire(ctx, request, row));
    },
  );
  api.delete(
    path,
    { config, schema: { summary: 'Delete an access URL', params: GrantId, response: Answer(Type.String()) } },
    ({ params }) => removed(idOf(params.id)),
  );
  api.delete(
    '/access/url',
    {
      config,
      schema: {
        summary: 'Delete an access URL by its id or by itself',
        body: Which,
        response: Answer(Type.String()),
      },
    },
    ({ body: { access_url_id, access_url } }) =>
      removed(access_url_id ?? ctx.access.urls.ofSecret(secretIn(access_url)).id),
  );
};

function idOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new MeshwrightError('ACCESS_URL_UNKNOWN');
  return Number(text);
}

const secretIn = (url: string | undefined): string =>
  /(?:access=|^)([0-9a-f]{64})$/.exec(url ?? '')?.[1] ?? '';

/** The URL under the name by which its maker found this controller: that one is known to work. */
function toWire(
  ctx: ApiContext,
  { headers }: FastifyRequest,
  row: UrlRow,
  secret = `${row.hint}${MASKED}`,
): Static<typeof Url> {
  const { host } = headers;
  const known = ctx.access.hosts.allows(host) ? host! : `localhost:${API_PORT}`;
  return {
    id: row.id,
    url: `https://${known}/?access=${secret}`,
    access: row.access,
    name: row.name,
    role: row.role,
    once: row.once === 1,
    expired: ctx.access.urls.isOver(row),
    ...grantTimes(row),
  };
}
