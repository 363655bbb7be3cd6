import { type Static, Type } from 'typebox';
import type { TokenRow } from '../../access/access-tokens.ts';
import { lifetimeText } from '../../access/grants.ts';
import { isRole, lesser, type Role } from '../../access/roles.ts';
import { invalid, MeshwrightError } from '../../errors/catalogue.ts';
import type { ApiContext } from '../context.ts';
import { roleOf } from '../permission.ts';
import { sourceOf } from '../source.ts';
import { Answer, answer, type Resource } from './resource.ts';

export const MASKED = '*'.repeat(12);

export const Token = Type.Object({
  id: Type.Integer(),
  token: Type.String({ description: 'Whole in the answer that makes it; after that only its beginning' }),
  name: Type.String(),
  role: Type.String({ description: '`admin`, `operator` or `viewer`' }),
  created_at: Type.String(),
  created_ip: Type.String(),
  expires_at: Type.String(),
  lifetime: Type.String({ description: 'E.g. `1h`' }),
  refreshes: Type.Boolean({ description: 'Use extends its life' }),
  expired: Type.Boolean(),
  last_accessed_at: Type.Optional(Type.String()),
  last_accessed_ip: Type.Optional(Type.String()),
});
export type Token = Static<typeof Token>;
const NewToken = Type.Object({
  name: Type.Optional(Type.String()),
  token_name: Type.Optional(Type.String({ description: 'Former name of `name`' })),
  expires: Type.Optional(Type.Integer({ description: 'Seconds, 60 to 31536000; default 3600' })),
  refreshes: Type.Optional(Type.Boolean({ description: 'Use extends its life' })),
  role: Type.Optional(Type.String({ description: 'At most your own, which is the default' })),
});
export const GrantId = Type.Object({ id: Type.String() });
export const Expiry = Type.Object({ expired: Type.Boolean() });

/** Tokens for programs, in the header `api-token`. */
export const accessTokenRoutes: Resource = (api, ctx) => {
  const config = { permission: 'access:write' } as const;
  const reading = { permission: 'access:read' } as const;
  const path = '/access/token/:id';
  api.get(
    '/access/tokens',
    { config: reading, schema: { summary: 'List access tokens', response: Answer(Type.Array(Token)) } },
    () => answer(ctx.access.tokens.list().map((row) => toWire(ctx, row))),
  );
  api.post(
    '/access/token',
    {
      config,
      schema: {
        summary: 'Make an access token',
        body: NewToken,
        response: { 201: Type.Object({ response: Token }) },
      },
    },
    (request, reply) => {
      const { name, token_name, expires = 3600, refreshes = false } = request.body;
      const { row, token } = ctx.access.tokens.create({
        name: name ?? token_name ?? '',
        expires,
        refreshes,
        role: grantedRole(request.body.role, roleOf(request.principal!)),
        userId: request.principal!.userId ?? null,
        source: sourceOf(request),
      });
      reply.code(201);
      return answer(toWire(ctx, row, token));
    },
  );
  api.get(
    path,
    {
      config: reading,
      schema: { summary: 'Show an access token', params: GrantId, response: Answer(Token) },
    },
    ({ params }) => answer(toWire(ctx, ctx.access.tokens.get(idOf(params.id)))),
  );
  api.put(
    path,
    {
      config,
      schema: {
        summary: 'End an access token, or give it a new life',
        params: GrantId,
        body: Expiry,
        response: Answer(Token),
      },
    },
    ({ params, body }) => answer(toWire(ctx, ctx.access.tokens.setExpired(idOf(params.id), body.expired))),
  );
  api.delete(
    path,
    {
      config,
      schema: { summary: 'Delete an access token', params: GrantId, response: Answer(Type.String()) },
    },
    ({ params }) => {
      ctx.access.tokens.remove(idOf(params.id));
      return answer('Token deleted');
    },
  );

  function idOf(text: string): number {
    if (!/^\d{1,15}$/.test(text)) throw new MeshwrightError('TOKEN_UNKNOWN');
    return Number(text);
  }
};

/** The role that was asked for, when the maker has as much himself; without a wish the one that he has. */
export function grantedRole(wanted: string | undefined, own: Role): Role {
  if (wanted === undefined) return own;
  if (!isRole(wanted)) throw invalid('role', 'must be admin, operator or viewer', wanted);
  if (lesser(wanted, own) !== wanted) throw invalid('role', `must not exceed your own, ${own}`, wanted);
  return wanted;
}

/** Times, source and name, which tokens and URLs tell in the same way. */
export function grantTimes(row: TokenRow | Parameters<ApiContext['access']['urls']['isOver']>[0]) {
  const text = (ms: number) => new Date(ms).toISOString();
  return {
    created_at: text(row.created_at),
    created_ip: row.created_ip,
    expires_at: text(row.expires_at),
    lifetime: lifetimeText(row.lifetime),
    ...(row.last_accessed_at !== null && { last_accessed_at: text(row.last_accessed_at) }),
    ...(row.last_accessed_ip !== null && { last_accessed_ip: row.last_accessed_ip }),
  };
}

function toWire({ access }: ApiContext, row: TokenRow, token?: string): Static<typeof Token> {
  return {
    id: row.id,
    token: token ?? `${row.hint}${MASKED}`,
    name: row.name,
    role: row.role,
    refreshes: row.refreshes === 1,
    expired: access.tokens.isOver(row),
    ...grantTimes(row),
  };
}
