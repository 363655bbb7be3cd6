import type { DesiredClient, DesiredClients } from '../desired/clients.ts';
import type { DesiredState } from '../desired/state.ts';
import { type Cidr, contains, overlaps, parseCidr, parseIpv4, prefixLength } from '../net/ipv4.ts';
import {
  CLIENT_LINKS,
  clientAsn,
  clientLinkAddress,
  controllerLinkAddress,
} from '../topology/client-link.ts';
import type { ControllerId } from '../topology/controller-id.ts';

type Refuse = (reason: string) => never;

/**
 * The overlay clients' rules of the border. A client has an address of the overlay that is nobody else's; what its
 * tunnel may carry besides cannot be a controller's, another client's or all the world's.
 */
export function checkClients(
  state: DesiredState,
  clients: DesiredClients,
  own: ControllerId,
  overlay: Cidr,
  refuse: Refuse,
): void {
  if (clients.wireguard.address !== controllerLinkAddress(own)) refuse('clients.wireguard.address');
  const taken = new Map<string, string>([
    [state.self.vip, 'the gateway'],
    ...state.controllers.map(({ id, overlayAddress }): [string, string] => [
      overlayAddress,
      `controller ${id}`,
    ]),
  ]);
  const claim = (what: string, who: string) => {
    const before = taken.get(what);
    if (before) refuse(`${what} of client ${who} belongs to ${before}`);
    taken.set(what, `client ${who}`);
  };
  const granted: { cidr: Cidr; client: string }[] = [];
  for (const client of clients.list) {
    const address = parseIpv4(client.address);
    if (!address || !contains(overlay, address)) {
      refuse(`client ${client.address} is outside ${overlay}`);
      continue;
    }
    claim(address, address);
    claim(client.wireguardKey, address);
    if (client.linkAddress !== null) {
      if (client.linkAddress !== clientLinkAddress(overlay, address))
        refuse(`link address of client ${address}`);
      claim(client.linkAddress, address);
    }
    if (client.asn !== clientAsn(overlay, address)) refuse(`ASN of client ${address}`);
    granted.push(...networksOf(client, overlay, refuse));
  }
  checkDisjoint(granted, refuse);
}

function networksOf(client: DesiredClient, overlay: Cidr, refuse: Refuse) {
  return client.networks.map((text) => {
    const cidr = parseCidr(text) ?? refuse(`network ${text} of client ${client.address} is not a network`);
    if (prefixLength(cidr) === 0 || overlaps(cidr, overlay) || overlaps(cidr, CLIENT_LINKS)) {
      refuse(`network ${cidr} of client ${client.address} covers more than is the client's`);
    }
    return { cidr, client: client.address };
  });
}

/** WireGuard gives a network to the last peer that lists it, without a word: two clients cannot share one. */
function checkDisjoint(granted: readonly { cidr: Cidr; client: string }[], refuse: Refuse): void {
  const owners = new Map<Cidr, string>();
  for (const { cidr, client } of granted) {
    const owner = owners.get(cidr);
    if (owner) refuse(`network ${cidr} is granted to client ${owner} and to ${client}`);
    owners.set(cidr, client);
  }
}
