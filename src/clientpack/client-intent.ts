import type { ClientMaterial } from '../keyset/keyset.ts';
import type { Cidr, Ipv4 } from '../net/ipv4.ts';
import type { ControllerId } from '../topology/controller-id.ts';

/** What every controller has to know of one overlay address in order to let its client in. */
export interface ClientIntent {
  readonly address: Ipv4;
  readonly enabled: boolean;
  /** Counts the times that credentials were made anew, from 0; what is of an older generation is refused. */
  readonly generation: number;
  /** Credentials of the present generation. */
  readonly material: ClientMaterial;
  /** Networks behind the client that an operator granted it to announce (HA pack only). */
  readonly networks: readonly Cidr[];
}

/** A controller as a client sees it, in the order in which this client should try them. */
export interface ClientRemote {
  readonly id: ControllerId;
  /** Client-facing address: IP or DNS name. */
  readonly host: string;
  readonly overlayAddress: Ipv4;
  readonly asn: number;
}

export const PACK_KINDS = ['openvpn', 'wireguard', 'ha'] as const;
export type PackKind = (typeof PACK_KINDS)[number];

/** One file of a pack. Texts are the same, byte for byte, on every controller that has the same records. */
export interface PackFile {
  readonly name: string;
  /** Unix permission bits. */
  readonly mode: number;
  readonly text: string;
}
