import type { FastifyRequest } from 'fastify';

/** The address that a request came from, an IPv4 address as such; `local` over the control socket. */
export function sourceOf({ socket }: Pick<FastifyRequest, 'socket'>): string {
  return socket.remoteAddress?.replace(/^::ffff:(?=\d+\.)/i, '') ?? 'local';
}
