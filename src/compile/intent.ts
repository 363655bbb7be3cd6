import type { DesiredFirewall } from '../desired/firewall.ts';
import type { BfdTiming } from '../desired/state.ts';
import type { Cidr, Ipv4 } from '../net/ipv4.ts';
import type { ControllerId } from '../topology/controller-id.ts';
import type { Ula } from '../topology/overlay-ipv6.ts';
import type { ClientsIntent } from './clients.ts';

/** Everything that the desired state is computed from, gathered by the controller in one read. */
export interface Intent {
  readonly self: ControllerId;
  readonly instance: number;
  readonly version: readonly [number, number, number];
  readonly topologyChecksum: string;
  readonly overlaySubnet: Cidr;
  /** Absent when the overlay has no IPv6. */
  readonly ula?: Ula;
  readonly vip: Ipv4;
  readonly controllers: readonly { id: ControllerId; address: Ipv4; asn: number }[];
  readonly peers: readonly PeerIntent[];
  readonly routes: readonly RouteIntent[];
  readonly ntpHosts: readonly string[];
  /** Variables and names are put in already; absent while nothing looks after a firewall. */
  readonly firewall?: DesiredFirewall;
  readonly clients: ClientsIntent;
}

export interface PeerIntent {
  readonly id: ControllerId;
  /** Resolved underlay address; null while the name has never been resolved. */
  readonly endpoint: string | null;
  /** Underlay packet size in bytes that the operator stated for this peer. */
  readonly overlayMtu: number;
  readonly bfd: BfdTiming;
  readonly avoid: boolean;
  readonly pinned: boolean;
  readonly privateKey: string;
  readonly peerPublicKey: string;
  readonly presharedKey: string;
}

export interface RouteIntent {
  readonly cidr: Cidr;
  readonly gateway: Ipv4 | null;
  readonly interface: string | null;
  readonly metric: number;
  readonly advertise: boolean;
}
