import type { FastifyInstance, FastifyRequest } from 'fastify';
import { MeshwrightError } from '../errors/catalogue.ts';
import { printable } from '../errors/printable.ts';

/**
 * How bodies are read. Clients send a JSON header without a body on every verb, bodies on GET and DELETE, and raw
 * text on a few routes; all of that is welcome. Keys that could reach an object's prototype are refused.
 */
export function readBodies(app: FastifyInstance): void {
  for (const method of ['GET', 'HEAD']) app.addHttpMethod(method, { hasBody: true, overrideExisting: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (wantsBytes(request)) done(null, body);
    else if (request.is404) done(null, undefined);
    else settle(() => parseJson(body as Buffer), done);
  });
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) => {
    if (wantsBytes(request)) return done(null, body);
    if (request.is404 || body.length === 0) return done(null, undefined);
    const type = request.headers['content-type'];
    // Without a type there is nothing but the content to go by.
    if (type === undefined) return settle(() => parseJson(body as Buffer), done);
    settle(() => {
      throw new MeshwrightError('MEDIA_TYPE_UNSUPPORTED', {
        type: printable(type),
        wanted: 'application/json',
      });
    }, done);
  });
}

function wantsBytes(request: FastifyRequest): boolean {
  return request.routeOptions.config.raw === true;
}

type Done = (error: Error | null, body?: unknown) => void;

function settle(work: () => unknown, done: Done): void {
  try {
    const body = work();
    queueMicrotask(() => done(null, body));
  } catch (error) {
    done(error as Error, undefined);
  }
}

function parseJson(bytes: Buffer): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim();
  } catch {
    throw new MeshwrightError('BODY_MALFORMED', { reason: 'it is not UTF-8' });
  }
  if (text === '') return undefined;
  let dangerous = false;
  let value: unknown;
  try {
    value = JSON.parse(text, (key, member: unknown) => {
      dangerous ||=
        key === '__proto__' || (key === 'constructor' && Object.hasOwn(Object(member), 'prototype'));
      return member;
    });
  } catch (error) {
    throw new MeshwrightError('BODY_MALFORMED', { reason: printable((error as Error).message) });
  }
  if (dangerous)
    throw new MeshwrightError('BODY_MALFORMED', { reason: 'it holds a key that is not allowed' });
  return value;
}
