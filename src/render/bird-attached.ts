import { FIRST_CLIENT_ASN } from '../topology/client-link.ts';
import { CLIENT_INTERFACE, COMMUNITY, community, OPENVPN_INTERFACE } from './engine-paths.ts';

/** What both families of addresses have in common in BIRD's configuration. */

/** Longest path in ASNs: over one controller in between; an HA client's own ASN is one more. */
export const pathLimit = `  if bgp_path.len > 4 then return false;
  if bgp_path.len > 3 && bgp_path.last < ${FIRST_CLIENT_ASN} then return false;`;

/** A host route that the hook or the watcher made, and what the epoch in its metric is worth. */
export function fromAttached(name: string, hostLength: 32 | 128, network: string): string {
  return `filter ${name}
{
  if net.len != ${hostLength} then reject;
  if ! (net ~ ${network}) then reject;
  if ifname = "${OPENVPN_INTERFACE}" then bgp_large_community.add((${COMMUNITY}, ${community.openvpnEpoch}, krt_metric));
  else if ifname = "${CLIENT_INTERFACE}" then bgp_large_community.add((${COMMUNITY}, ${community.wireguardEpoch}, krt_metric));
  else reject;
  grade();
  accept;
}
`;
}
