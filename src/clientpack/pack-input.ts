import { clientInterfaceKeys, clientPsk, tlsCryptClientKey } from '../keyset/client-secrets.ts';
import type { Keyset } from '../keyset/keyset.ts';
import type { Cidr, Ipv4 } from '../net/ipv4.ts';
import { clientAsn, clientLinkAddress, controllerLinkAddress } from '../topology/client-link.ts';
import { type Ula, ulaOf } from '../topology/overlay-ipv6.ts';
import type { ClientIntent, ClientRemote } from './client-intent.ts';

/** Everything that the texts of a pack are made of. */
export interface PackInput {
  readonly address: Ipv4;
  readonly overlaySubnet: Cidr;
  /** The topology's IPv6 prefix; null when the overlay has no IPv6. */
  readonly ula: Ula | null;
  readonly vip: Ipv4;
  readonly certificate: string;
  readonly privateKey: string;
  readonly clientCa: string;
  /** base64 */
  readonly tlsCryptKey: string;
  readonly wireguardPrivateKey: string;
  readonly presharedKey: string;
  readonly linkAddress: Ipv4;
  readonly asn: number;
  /** Networks behind the client that it may announce. */
  readonly networks: readonly Cidr[];
  /** Networks behind the mesh, for the one kind of pack that cannot learn them. */
  readonly meshNetworks: readonly Cidr[];
  /** In the order in which the client should try them. */
  readonly remotes: readonly PackRemote[];
}

export interface PackRemote extends ClientRemote {
  readonly wireguardKey: string;
  readonly linkAddress: Ipv4;
}

export function packInput(
  keyset: Keyset,
  addressing: { readonly subnet: Cidr; readonly vip: Ipv4; readonly ipv6?: true },
  client: ClientIntent,
  remotes: readonly ClientRemote[],
  meshNetworks: readonly Cidr[] = [],
): PackInput {
  const { address, generation, material, networks } = client;
  return {
    address,
    overlaySubnet: addressing.subnet,
    ula: addressing.ipv6 ? ulaOf(keyset.uuid) : null,
    vip: addressing.vip,
    certificate: material.certificate,
    privateKey: material.privateKey,
    clientCa: keyset.clientCa.certificate,
    tlsCryptKey: tlsCryptClientKey(keyset, address, generation).toString('base64'),
    wireguardPrivateKey: material.wireguard.privateKey,
    presharedKey: clientPsk(keyset, address, generation),
    linkAddress: clientLinkAddress(addressing.subnet, address),
    asn: clientAsn(addressing.subnet, address),
    networks,
    meshNetworks,
    remotes: remotes.map((remote) => ({
      ...remote,
      wireguardKey: clientInterfaceKeys(keyset, remote.id).publicKey,
      linkAddress: controllerLinkAddress(remote.id),
    })),
  };
}
