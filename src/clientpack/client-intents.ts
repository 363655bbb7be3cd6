import type { Keyset } from '../keyset/keyset.ts';
import type { Ipv4 } from '../net/ipv4.ts';
import type { ClientIntent } from './client-intent.ts';

/**
 * THE SEAM between packs and data plane: whom every controller lets in. Until pack records exist, that is everybody in
 * the keyset, enabled, with the credentials that were made first.
 */
export function clientIntents(keyset: Keyset): ClientIntent[] {
  return keyset.clients.map((material) => ({
    address: material.address as Ipv4,
    enabled: true,
    generation: 0,
    material,
    networks: [],
  }));
}
