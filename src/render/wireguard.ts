import type { DesiredLink } from '../desired/state.ts';
import { TUNNEL_MARK } from './engine-paths.ts';

/**
 * One link's configuration for `wg setconf` and `wg syncconf`. The tunnel has two ends and BGP decides what enters
 * it, so every IPv4 destination is allowed, and the overlay's IPv6. No keepalive: BFD sends packets all the time.
 */
export function renderWireguard(link: DesiredLink, ula?: string): string {
  const lines = [
    '[Interface]',
    `PrivateKey = ${link.privateKey}`,
    `ListenPort = ${link.port}`,
    `FwMark = ${TUNNEL_MARK}`,
    '',
    '[Peer]',
    `PublicKey = ${link.peerPublicKey}`,
    `PresharedKey = ${link.presharedKey}`,
    `AllowedIPs = ${['0.0.0.0/0', ...(ula ? [ula] : [])].join(', ')}`,
  ];
  if (link.endpoint) lines.push(`Endpoint = ${formatEndpoint(link.endpoint, link.port)}`);
  return `${lines.join('\n')}\n`;
}

export function formatEndpoint(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/**
 * The `ip -batch` lines that give a fresh interface its addresses; run again, they change nothing. The far end has a route of
 * its own because acknowledgements that wait, usually for 40 ms, would hold back BGP's next update as long (Nagle): for so long
 * controllers would follow paths that are no more, in circles.
 */
export function renderLinkAddresses(link: DesiredLink): string {
  const name = `mw${link.peer}`;
  return [
    `link set dev ${name} mtu ${link.mtu}`,
    `address replace ${link.localAddress}/31 dev ${name}`,
    `link set dev ${name} up`,
    `route replace ${link.peerAddress}/32 dev ${name} src ${link.localAddress} quickack 1`,
    '',
  ].join('\n');
}
