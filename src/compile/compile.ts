import type { DesiredLink, DesiredState } from '../desired/state.ts';
import { linkAddress } from '../topology/link-address.ts';
import { linkPort } from '../topology/link-port.ts';
import { compileClients } from './clients.ts';
import type { Intent, PeerIntent } from './intent.ts';

/** WireGuard's own bytes per packet over IPv6, the larger of the two underlays: IP 40, UDP 8, WireGuard 32. */
export const TUNNEL_OVERHEAD = 80;
/** BFD, IPv6 and every host's path discovery rely on this much. */
export const MIN_INTERFACE_MTU = 1280;

/**
 * Intent to desired state. Pure: the same intent gives the same document, byte for byte, on every run. Peers that
 * the licence's addressing does not know (an upgrade that has not arrived yet) get no link.
 */
export function compile(intent: Intent): DesiredState {
  const self = intent.controllers.find(({ id }) => id === intent.self);
  if (!self) throw new RangeError(`controller ${intent.self} is not part of the topology's addressing`);
  const links = intent.peers
    .filter((peer) => peer.id !== intent.self)
    .flatMap((peer) => compileLink(intent, peer))
    .sort((a, b) => a.peer - b.peer);
  return {
    format: 1,
    self: {
      id: intent.self,
      asn: self.asn,
      overlayAddress: self.address,
      vip: intent.vip,
      overlaySubnet: intent.overlaySubnet,
      ...(intent.ula && { ula: intent.ula }),
      topologyChecksum: intent.topologyChecksum,
      version: [...intent.version],
      instance: intent.instance,
    },
    controllers: intent.controllers.map(({ id, asn, address }) => ({ id, asn, overlayAddress: address })),
    links,
    routes: intent.routes.map(({ cidr, gateway, interface: device, metric, advertise }) => ({
      cidr,
      gateway,
      interface: device,
      metric,
      advertise,
    })),
    clients: compileClients(intent.clients, intent.self, intent.overlaySubnet),
    ntpHosts: [...intent.ntpHosts],
    ...(intent.firewall && { firewall: intent.firewall }),
  };
}

function compileLink(intent: Intent, peer: PeerIntent): DesiredLink[] {
  const remote = intent.controllers.find(({ id }) => id === peer.id);
  if (!remote) return [];
  const routeMtu = peer.overlayMtu - TUNNEL_OVERHEAD;
  return [
    {
      peer: peer.id,
      port: linkPort(intent.self, peer.id),
      privateKey: peer.privateKey,
      peerPublicKey: peer.peerPublicKey,
      presharedKey: peer.presharedKey,
      endpoint: peer.endpoint,
      localAddress: linkAddress(intent.self, peer.id),
      peerAddress: linkAddress(peer.id, intent.self),
      peerOverlayAddress: remote.address,
      peerAsn: remote.asn,
      mtu: Math.max(MIN_INTERFACE_MTU, routeMtu),
      routeMtu,
      bfd: peer.bfd,
      avoid: peer.avoid,
      pinned: peer.pinned,
    },
  ];
}
