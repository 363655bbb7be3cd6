import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Recording } from '../store/database.ts';
import type { ApiContext } from './context.ts';
import { sourceOf } from './source.ts';

const recordings = new WeakMap<FastifyRequest, Recording>();

/**
 * Writes down every change that the API makes or refuses, in this one place: a new route is in the log without doing
 * anything for it. The entry is in the store before the answer is on its way.
 */
export function auditChanges(api: FastifyInstance, ctx: ApiContext): void {
  api.addHook('preHandler', (request, _, done) => {
    if (!isChange(request)) return done();
    const recording: Recording = { changes: [], isOver: false };
    recordings.set(request, recording);
    ctx.audit.follow(recording, done);
  });
  api.addHook('onSend', async (request, reply, payload) => {
    if (isChange(request) && isTold(request, reply)) {
      try {
        write(ctx, request, reply);
      } catch (error) {
        // The change is made by now; to answer that it failed would be the worse lie.
        ctx.defect('audit', error, `${request.method} ${request.routeOptions.url}`);
      }
    }
    return payload;
  });
}

function isChange({ method, routeOptions }: FastifyRequest): boolean {
  if (routeOptions.url === undefined) return false;
  // Coming back from a login elsewhere is a GET, because it is a navigation.
  if (method === 'GET' || method === 'HEAD') return routeOptions.config.audited === true;
  return !routeOptions.config.permission?.endsWith(':read');
}

/**
 * Requests without credentials are told only when they gave somebody something, or when they were attempts to get in:
 * what strangers send must not fill the log.
 */
function isTold(request: FastifyRequest, reply: FastifyReply): boolean {
  if (request.principal) return true;
  const { permission, audited } = request.routeOptions.config;
  const isRefused = reply.getHeader('meshwright-error') !== undefined && reply.statusCode !== 429;
  return permission === 'public' && audited === true && isRefused;
}

function write(ctx: ApiContext, request: FastifyRequest, reply: FastifyReply): void {
  const { url, schema, method } = { ...request.routeOptions, method: request.method };
  const error = reply.getHeader('meshwright-error');
  ctx.audit.write(
    {
      actor: request.principal?.name ?? attemptedName(ctx, request),
      source: sourceOf(request),
      action: `${method} ${url}`,
      summary: schema?.summary ?? '',
      target: targetOf(request.params),
      status: reply.statusCode,
      error: error === undefined ? null : String(error),
    },
    recordings.get(request) ?? null,
  );
}

/** Only names that exist: people type their password into the wrong field. */
function attemptedName({ access }: ApiContext, { body }: FastifyRequest): string {
  const name = (body as { username?: unknown } | undefined)?.username;
  return (typeof name === 'string' ? access.users.byName(name)?.name : null) ?? 'unknown';
}

function targetOf(params: unknown): Record<string, string> {
  const entries = Object.entries((params ?? {}) as Record<string, unknown>);
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value).slice(0, 100)]));
}
