import type { Server as HttpServer, IncomingMessage, RequestListener, ServerOptions } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import { MeshwrightError } from '../errors/catalogue.ts';
import { sourceKey } from '../net/ip-bytes.ts';
import { errorBody } from './envelope.ts';

/**
 * Time limits against clients that send or read slowly. Idle connections are kept longer than any client's own
 * limit: a POST that meets a connection which was just closed is not repeated by clients.
 */
export const HTTP_OPTIONS = {
  headersTimeout: 15_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 75_000,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 16_384,
} as const satisfies ServerOptions;

/** A connection on which nothing moves for this long is dropped; event streams send something more often. */
const INACTIVITY_MS = 120_000;
const MAX_CONNECTIONS = 1024;
const CLOSE_MS = 1000;
/** One address must not take all of them. */
const MAX_PER_SOURCE = 256;

export type Handler = RequestListener;

/** What both listeners have in common: limits, and an envelope even for what is no HTTP request. */
export function harden(server: HttpServer | HttpsServer): void {
  server.maxConnections = MAX_CONNECTIONS;
  server.setTimeout(INACTIVITY_MS);
  server.on('clientError', answerBrokenRequest);
  const counts = new Map<string, number>();
  server.on('connection', (socket: Socket) => limitSource(socket, counts));
}

function limitSource(socket: Socket, counts: Map<string, number>): void {
  if (socket.remoteAddress === undefined) return;
  const source = sourceKey(socket.remoteAddress);
  const count = (counts.get(source) ?? 0) + 1;
  if (count > MAX_PER_SOURCE) {
    socket.destroy();
    return;
  }
  counts.set(source, count);
  socket.once('close', () => {
    const left = counts.get(source)! - 1;
    if (left > 0) counts.set(source, left);
    else counts.delete(source);
  });
}

const STATUS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

function answerBrokenRequest(
  error: Error & { code?: string },
  socket: Socket & { _httpMessage?: IncomingMessage },
): void {
  // When an answer is under way, these bytes would end up in the middle of it.
  if (error.code === 'ECONNRESET' || !socket.writable || socket._httpMessage) {
    socket.destroy();
    return;
  }
  const reason = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'it took too long' : (error.code ?? 'no HTTP');
  const body = JSON.stringify(errorBody(new MeshwrightError('REQUEST_MALFORMED', { reason })));
  const head = `HTTP/1.1 ${STATUS[error.code ?? ''] ?? '400 Bad Request'}\r\nContent-Type: application/json\r\n`;
  socket.end(`${head}Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`);
  // Whoever does not read this answer would keep the connection otherwise.
  setTimeout(() => socket.destroy(), CLOSE_MS).unref();
}
