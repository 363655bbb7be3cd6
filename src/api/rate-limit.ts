import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import { MeshwrightError } from '../errors/catalogue.ts';
import { sourceKey } from '../net/ip-bytes.ts';
import { sourceOf } from './source.ts';

const MAX_REQUESTS = 300;
const WINDOW_MS = 10_000;
const MAX_SOURCES = 10_000;
/** What needs no login is small: hellos, exchanges, passwords. */
const BODY_LIMIT = 64 * 1024;

/**
 * Bounds what somebody without a login can make this controller do. Whoever has one is not limited here: the
 * published clients ask many times a second while they wait.
 */
export async function limitStrangers(api: FastifyInstance): Promise<void> {
  api.addHook('onRoute', (route) => {
    if (route.config?.permission === 'public') route.bodyLimit ??= BODY_LIMIT;
  });
  await api.register(rateLimit, {
    max: MAX_REQUESTS,
    timeWindow: WINDOW_MS,
    cache: MAX_SOURCES,
    keyGenerator: (request) => sourceKey(sourceOf(request)),
    allowList: (request) =>
      request.routeOptions.config.permission !== 'public' || request.socket.remoteAddress === undefined,
    errorResponseBuilder: (_, { ttl }) =>
      new MeshwrightError('TOO_MANY_REQUESTS', { seconds: Math.ceil(ttl / 1000) }),
    addHeaders: {
      'x-ratelimit-limit': false,
      'x-ratelimit-remaining': false,
      'x-ratelimit-reset': false,
      'retry-after': false,
    },
    addHeadersOnExceeding: {
      'x-ratelimit-limit': false,
      'x-ratelimit-remaining': false,
      'x-ratelimit-reset': false,
    },
  });
}
