import {
  type Cidr,
  cidrOf,
  contains,
  fromInt,
  type Ipv4,
  networkOf,
  prefixLength,
  rangeOf,
  toInt,
} from '../net/ipv4.ts';
import type { ControllerId } from './controller-id.ts';

/** Ports of the two services for overlay clients, equal on every controller. */
export const OPENVPN_PORT = 1194;
export const WIREGUARD_PORT = 1193;

/**
 * Addresses inside the tunnels of HA clients: BGP and BFD need one at each end that no routing protocol moves. All
 * lie in one block that is clear of cloud services: controllers at its bottom, clients above.
 */
export const CLIENT_LINKS = '169.254.224.0/19' as Cidr;
const FIRST_CLIENT = 16;
const CLIENT_ROOM = 2 ** (32 - prefixLength(CLIENT_LINKS)) - FIRST_CLIENT - 1;

/** ASNs of HA clients start here: private, and above all that a controller gets by default. */
export const FIRST_CLIENT_ASN = 4210000000;

export function controllerLinkAddress(id: ControllerId): Ipv4 {
  return fromInt(toInt(networkOf(CLIENT_LINKS)) + id);
}

/**
 * The client's end. It follows from the overlay address alone, so that packs stay valid when a licence grows. In
 * overlays above a /19 two clients can share one; only the first of them can use the HA pack then.
 */
export function clientLinkAddress(overlay: Cidr, client: Ipv4): Ipv4 {
  return fromInt(toInt(networkOf(CLIENT_LINKS)) + FIRST_CLIENT + (offsetOf(overlay, client) % CLIENT_ROOM));
}

export function clientAsn(overlay: Cidr, client: Ipv4): number {
  return FIRST_CLIENT_ASN + offsetOf(overlay, client);
}

function offsetOf(overlay: Cidr, client: Ipv4): number {
  if (!contains(overlay, client)) throw new RangeError(`${client} is outside ${overlay}`);
  return toInt(client) - rangeOf(overlay).first;
}

/** True for an address that a controller's or a client's end of a client tunnel can have. */
export function isClientLink(address: Ipv4): boolean {
  return cidrOf(address, prefixLength(CLIENT_LINKS)) === CLIENT_LINKS;
}
