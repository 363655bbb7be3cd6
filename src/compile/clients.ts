import type { ClientIntent } from '../clientpack/client-intent.ts';
import type { DesiredClient, DesiredClients } from '../desired/clients.ts';
import { serialOf } from '../keyset/certificate.ts';
import { type Cidr, compareIpv4, type Ipv4 } from '../net/ipv4.ts';
import { clientAsn, clientLinkAddress, controllerLinkAddress } from '../topology/client-link.ts';
import type { ControllerId } from '../topology/controller-id.ts';

/** What lets overlay clients in at this controller: the packs of the topology and its own keys as a server. */
export interface ClientsIntent {
  readonly drained: boolean;
  /** See `ClientBfd`. */
  readonly bfdIntervalMs: number;
  readonly server: {
    readonly certificate: string;
    readonly privateKey: string;
    readonly clientCa: string;
    /** 128 bytes, base64. */
    readonly tlsCryptKey: string;
    readonly wireguardPrivateKey: string;
  };
  readonly packs: readonly (ClientIntent & { readonly presharedKey: string })[];
}

export function compileClients(
  { drained, bfdIntervalMs, server, packs }: ClientsIntent,
  self: ControllerId,
  overlay: Cidr,
): DesiredClients {
  const links = new Set<Ipv4>();
  const linkOf = (address: Ipv4): Ipv4 | null => {
    const link = clientLinkAddress(overlay, address);
    if (links.has(link)) return null;
    links.add(link);
    return link;
  };
  const list = [...packs]
    .sort((a, b) => compareIpv4(a.address, b.address))
    // Disabled ones keep their link address: it must not move to another client meanwhile.
    .map((pack) => ({ pack, linkAddress: linkOf(pack.address) }))
    .filter(({ pack }) => pack.enabled)
    .map(
      ({ pack, linkAddress }): DesiredClient => ({
        address: pack.address,
        serial: serialOf(pack.material.certificate),
        wireguardKey: pack.material.wireguard.publicKey,
        presharedKey: pack.presharedKey,
        linkAddress,
        asn: clientAsn(overlay, pack.address),
        networks: [...pack.networks].sort(),
      }),
    );
  return {
    drained,
    bfdIntervalMs,
    openvpn: {
      certificate: server.certificate,
      privateKey: server.privateKey,
      clientCa: server.clientCa,
      tlsCryptKey: server.tlsCryptKey,
    },
    wireguard: { privateKey: server.wireguardPrivateKey, address: controllerLinkAddress(self) },
    list,
  };
}
