import type { DesiredClient, DesiredClients } from '../desired/clients.ts';
import { type Ipv4, prefixLength } from '../net/ipv4.ts';
import { CLIENT_LINKS, WIREGUARD_PORT } from '../topology/client-link.ts';
import { ipv6Of, type Ula } from '../topology/overlay-ipv6.ts';
import { CLIENT_INTERFACE, CLIENT_MTU, TUNNEL_MARK } from './engine-paths.ts';

/**
 * The one interface of all WireGuard clients, plain and HA. WireGuard itself keeps a client to its addresses, in both
 * directions: own address, granted networks, and the end of its tunnel that BGP and BFD use.
 */
export function renderClientWireguard({ wireguard, list }: DesiredClients, ula?: string): string {
  return [
    '[Interface]',
    `PrivateKey = ${wireguard.privateKey}`,
    `ListenPort = ${WIREGUARD_PORT}`,
    `FwMark = ${TUNNEL_MARK}`,
    ...list.flatMap((client) => [
      '',
      '[Peer]',
      `PublicKey = ${client.wireguardKey}`,
      `PresharedKey = ${client.presharedKey}`,
      `AllowedIPs = ${allowedIps(client, ula).join(', ')}`,
    ]),
    '',
  ].join('\n');
}

function allowedIps({ address, linkAddress, networks }: DesiredClient, ula?: string): string[] {
  const ipv6 = ula ? [`${ipv6Of(ula as Ula, address as Ipv4)}/128`] : [];
  return [`${address}/32`, ...ipv6, ...(linkAddress ? [`${linkAddress}/32`] : []), ...networks];
}

export function renderClientAddresses({ wireguard }: DesiredClients): string {
  return [
    `link set dev ${CLIENT_INTERFACE} mtu ${CLIENT_MTU}`,
    `address replace ${wireguard.address}/${prefixLength(CLIENT_LINKS)} dev ${CLIENT_INTERFACE}`,
    `link set dev ${CLIENT_INTERFACE} up`,
    '',
  ].join('\n');
}

/** Whose address a key is, for the watcher that tells when a plain WireGuard client comes and goes. */
export function renderWatchedClients({ list }: DesiredClients, ula?: string): string {
  const ipv6 = (address: string) => (ula ? ` ${ipv6Of(ula as Ula, address as Ipv4)}` : '');
  return list.map(({ wireguardKey, address }) => `${wireguardKey} ${address}${ipv6(address)}\n`).join('');
}
