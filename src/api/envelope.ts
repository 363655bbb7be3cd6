import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { MeshwrightError } from '../errors/catalogue.ts';
import { printable } from '../errors/printable.ts';

/** Bodies beyond this are refused; raw uploads may state their own limit. */
export const BODY_LIMIT = 1 << 20;

interface ErrorBody {
  readonly error: { readonly name: string; readonly log: string; readonly message: string };
}

/** The body of every failure: three strings and nothing else, because typed clients refuse any other shape. */
export function errorBody(error: MeshwrightError, badRequestName?: string): ErrorBody {
  const { why, reference } = error.detail;
  const log = reference ?? (why === undefined ? error.code : `${error.code}: ${why}`);
  const name = error.wireName === 'APIArgumentError' ? (badRequestName ?? error.wireName) : error.wireName;
  return { error: { name, log: String(log), message: error.message } };
}

/** Sends a failure. The headers tell our own console and CLI which field and which entry of the catalogue it is. */
export function sendError(reply: FastifyReply, error: MeshwrightError): FastifyReply {
  reply.code(error.status).header('meshwright-error', error.code);
  if (error.field) reply.header('meshwright-field', printable(error.field));
  if (error.detail.seconds !== undefined && error.status === 429)
    reply.header('retry-after', String(error.detail.seconds));
  if (error.code === 'METHOD_NOT_ALLOWED') reply.header('allow', String(error.detail.allowed));
  const { badRequestName } = reply.request.routeOptions?.config ?? {};
  return reply.type('application/json').send(errorBody(error, badRequestName));
}

/** What a client hears of any error. Defects give nothing away but a reference, under which they are logged. */
export function toMeshwrightError(
  error: unknown,
  request: FastifyRequest,
  defect: (reference: string, error: unknown, request: string) => void,
): MeshwrightError {
  if (error instanceof MeshwrightError) return error;
  const { code, statusCode, message } = error as { code?: string; statusCode?: number; message?: string };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return new MeshwrightError('BODY_TOO_LARGE', { limit: request.routeOptions?.bodyLimit ?? BODY_LIMIT });
  }
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    const type = printable(request.headers['content-type'] ?? 'unknown');
    return new MeshwrightError('MEDIA_TYPE_UNSUPPORTED', { type, wanted: 'application/json' });
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new MeshwrightError('REQUEST_MALFORMED', { reason: printable(message ?? code ?? 'unknown') });
  }
  const reference = randomBytes(6).toString('hex');
  defect(reference, error, `${request.method} ${request.url}`);
  return new MeshwrightError('INTERNAL', { reference });
}
