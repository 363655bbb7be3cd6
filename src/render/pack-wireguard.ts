import type { PackFile } from '../clientpack/client-intent.ts';
import type { PackInput } from '../clientpack/pack-input.ts';
import { WIREGUARD_PORT } from '../topology/client-link.ts';
import { ipv6Of } from '../topology/overlay-ipv6.ts';
import { CLIENT_MTU } from './engine-paths.ts';
import { packName } from './pack.ts';
import { formatEndpoint } from './wireguard.ts';

/**
 * For wg-quick and the WireGuard apps, also as a QR code. It names one endpoint and stays with it; the keepalive is
 * how a controller knows that the client is there.
 */
export function renderWireguardPack(input: PackInput): PackFile[] {
  const [remote] = input.remotes;
  if (!remote) throw new RangeError('a WireGuard pack names one controller, and there is none');
  const { address, ula } = input;
  const addresses = [`${address}/32`, ...(ula ? [`${ipv6Of(ula, address)}/128`] : [])];
  const networks = [input.overlaySubnet, ...(ula ? [ula] : []), ...input.meshNetworks];
  const text = `# Overlay client ${address}, attached to controller ${remote.id}. Keep this file private.
# This kind of pack does not fail over by itself: it knows one endpoint. Use the OpenVPN or the HA pack for that,
# or put a DNS name of your own that you move in place of the endpoint.
[Interface]
PrivateKey = ${input.wireguardPrivateKey}
Address = ${addresses.join(', ')}
MTU = ${CLIENT_MTU}

[Peer]
PublicKey = ${remote.wireguardKey}
PresharedKey = ${input.presharedKey}
Endpoint = ${formatEndpoint(remote.host, WIREGUARD_PORT)}
AllowedIPs = ${networks.join(', ')}
PersistentKeepalive = 20
`;
  return [{ name: `${packName(input.address)}.conf`, mode: 0o600, text }];
}
