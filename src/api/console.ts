import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { MeshwrightError } from '../errors/catalogue.ts';

/** Nothing but our own files runs or is shown in the console, and no other page may embed it. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
} as const;

/** Serves the built console. Its files need no login: they hold no data. Says whether there is a console to serve. */
export async function serveConsole(app: FastifyInstance, root: string): Promise<boolean> {
  if (!existsSync(join(root, 'index.html'))) return false;
  await app.register(fastifyStatic, {
    root,
    // Without a wildcard route, so that paths below /api never end up among the files.
    wildcard: false,
    cacheControl: false,
    // The build leaves compressed copies beside its files: nothing is compressed twice, and nothing per request.
    preCompressed: true,
    setHeaders: (reply, path) => {
      // Files below assets/ carry a digest of their content in their name.
      const forever = path.includes(`${sep}assets${sep}`);
      reply.headers({
        ...HEADERS,
        'cache-control': forever ? 'public, max-age=31536000, immutable' : 'no-cache',
      });
    },
  });
  return true;
}

/** What a closed console says instead of its pages. The API has rules of its own and stays open. */
export function refuseWhileDisabled(app: FastifyInstance, isEnabled: () => boolean): void {
  app.addHook('onRequest', async ({ url }, reply) => {
    if (isApi(url) || isEnabled()) return;
    const { status, message } = new MeshwrightError('CONSOLE_DISABLED');
    await reply
      .code(status)
      .headers({ ...HEADERS, 'cache-control': 'no-store' })
      .type('text/plain; charset=utf-8')
      .send(`${message}\n`);
  });
}

/** Whether a request that no route answers asks for a page of the console, which knows its own pages. */
export function asksForPage({ method, url }: Pick<FastifyRequest, 'method' | 'url'>): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  return !isApi(url) && !url.split('?')[0]!.split('/').at(-1)!.includes('.');
}

const isApi = (url: string) => /^\/api([/?]|$)/.test(url);
