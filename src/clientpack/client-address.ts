import { MeshwrightError } from '../errors/catalogue.ts';
import { parseHost } from '../net/host.ts';

/** Reads the address that packs shall name; null takes the machine's own again. */
export function parseClientAddress(value: unknown): string | null {
  if (value === undefined || value === null || value === '') return null;
  const host =
    typeof value === 'string' ? parseHost(value) : ({ kind: 'invalid', why: 'must be text' } as const);
  if (host.kind === 'invalid')
    throw new MeshwrightError('CLIENT_ADDRESS_INVALID', { field: 'client_address', rule: host.why });
  return host.text;
}
