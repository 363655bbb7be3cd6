import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { MeshwrightError } from '../../errors/catalogue.ts';
import { API_PORT } from '../../paths.ts';
import type { ApiContext } from '../context.ts';
import { cookieOf, requireOwnName } from '../session-cookie.ts';
import { sourceOf } from '../source.ts';
import type { Resource } from './resource.ts';
import { beginSession, requireEnabled } from './session.ts';

/** Lax, because the way back from the provider is a navigation from another site. It opens nothing by itself. */
const NAME = '__Host-meshwright-login';
const ATTRIBUTES = 'Secure; HttpOnly; SameSite=Lax; Path=/; Max-Age=';
const PENDING_S = 600;
const CALLBACK = '/session/oidc/callback';
const response = { 302: Type.Object({}) };

/** Login through a provider elsewhere. Browsers come here by navigation, so failures are told by the console's page. */
export const sessionOidcRoutes: Resource = (api, ctx) => {
  const config = { permission: 'public' } as const;
  api.get(
    '/session/oidc',
    { config, schema: { summary: 'Go to the provider to log in', response } },
    (request, reply) =>
      telling(reply, async () => {
        requireEnabled(ctx);
        requireOwnName(request, ctx.access.hosts);
        const { url, cookie } = await ctx.singleSignOn.begin(redirectUri(ctx, request), sourceOf(request));
        reply.header('set-cookie', `${NAME}=${cookie}; ${ATTRIBUTES}${PENDING_S}`);
        return url;
      }),
  );
  api.get(
    CALLBACK,
    { config: { ...config, audited: true }, schema: { summary: 'Come back from the provider', response } },
    (request, reply) =>
      telling(reply, async () => {
        requireEnabled(ctx);
        requireOwnName(request, ctx.access.hosts);
        const query = request.url.split('?')[1] ?? '';
        const user = await ctx.singleSignOn.finish(cookieOf(request, NAME), query);
        beginSession(ctx, request, reply, user);
        reply.header('set-cookie', `${NAME}=; ${ATTRIBUTES}0`);
        return '/';
      }),
  );
};

/** Only ever to the provider that an operator chose, or to our own first page: nothing of the request names a target. */
async function telling(reply: FastifyReply, work: () => Promise<string>): Promise<FastifyReply> {
  let target: string;
  try {
    target = await work();
  } catch (error) {
    if (!(error instanceof MeshwrightError)) throw error;
    reply.header('meshwright-error', error.code);
    target = `/?login_error=${error.code}`;
  }
  return reply.redirect(target, 302);
}

function redirectUri(ctx: ApiContext, { headers }: FastifyRequest): string {
  const chosen = ctx.singleSignOn.redirectHost();
  const host = chosen === null ? headers.host! : /:\d+$/.test(chosen) ? chosen : `${chosen}:${API_PORT}`;
  return `https://${host}/api${CALLBACK}`;
}
