import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AllowedHosts } from '../access/allowed-hosts.ts';
import { MeshwrightError } from '../errors/catalogue.ts';
import { printable } from '../errors/printable.ts';

/** The prefix makes browsers insist on TLS, on this very host, and on nobody else having set it. */
const NAME = '__Host-meshwright';
const ATTRIBUTES = 'Secure; HttpOnly; SameSite=Strict; Path=/';

export function sessionIdOf(request: FastifyRequest): string | null {
  return cookieOf(request, NAME);
}

export function cookieOf(request: FastifyRequest, wanted: string): string | null {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = part.trim().split('=', 2);
    if (name === wanted && value) return value;
  }
  return null;
}

export function giveSession(reply: FastifyReply, id: string): void {
  reply.header('set-cookie', `${NAME}=${id}; ${ATTRIBUTES}`);
}

export function takeSession(reply: FastifyReply): void {
  reply.header('set-cookie', `${NAME}=; ${ATTRIBUTES}; Max-Age=0`);
}

/** What has to hold before a session is looked at or given: our own name, and for changes a page of our own. */
export function requireOwnPage(request: FastifyRequest, hosts: AllowedHosts): void {
  requireOwnName(request, hosts);
  if (request.method !== 'GET' && request.method !== 'HEAD' && !isSameOrigin(request)) {
    throw new MeshwrightError('REQUEST_FOREIGN');
  }
}

/** The same for what carries its own proof, such as a password: programs, which send no origin, may do that too. */
export function requireOwnPageOrProgram(request: FastifyRequest, hosts: AllowedHosts): void {
  const { 'sec-fetch-site': site, origin } = request.headers;
  if (site === undefined && origin === undefined) requireOwnName(request, hosts);
  else requireOwnPage(request, hosts);
}

export function requireOwnName({ headers }: FastifyRequest, hosts: AllowedHosts): void {
  if (hosts.allows(headers.host)) return;
  throw new MeshwrightError('HOST_NOT_ALLOWED', { host: printable(headers.host ?? 'without a name') });
}

/** Browsers that do not send `Sec-Fetch-Site` send `Origin` with everything that changes something. */
function isSameOrigin({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  return headers.origin === `https://${headers.host}`;
}
