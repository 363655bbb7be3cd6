import { isIP } from 'node:net';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';
import type { DesiredFirewall } from '../desired/firewall.ts';
import { ApplierRequest } from '../desired/protocol.ts';
import type { DesiredState } from '../desired/state.ts';
import { readFirewall } from '../firewall/grammar/ruleset.ts';
import { contains, networkOf, overlaps, parseCidr, parseIpv4 } from '../net/ipv4.ts';
import { isControllerId } from '../topology/controller-id.ts';
import { linkAddress } from '../topology/link-address.ts';
import { linkPort } from '../topology/link-port.ts';
import { parseUla } from '../topology/overlay-ipv6.ts';
import { checkClients } from './border-clients.ts';
import { FirewallRefused } from './engines/firewall-refused.ts';

/** Compiled: a firewall has thousands of rules, and each of them is looked at. */
const isRequest = Compile(ApplierRequest);

/**
 * The check at the border. The sender may be a controller that somebody broke into, so the document must not only
 * fit the schema: every port, address and pair must be the one that the topology's rules give, or it is refused.
 */
export function parseRequest(line: string): ApplierRequest {
  const value: unknown = JSON.parse(line);
  if (!isRequest.Check(value)) {
    const [first] = Value.Errors(ApplierRequest, value);
    throw new Error(
      `request refused: ${first?.instancePath ?? ''} ${first?.message ?? 'does not fit the schema'}`,
    );
  }
  if (value.op === 'apply' || value.op === 'firewall_check') checkState(value.state);
  if (value.op === 'apply' && value.state.firewall) checkFirewall(value.state.firewall);
  return value;
}

/** Every word of every rule again: the sender may be broken into. */
function checkFirewall(firewall: DesiredFirewall): void {
  const { problems } = readFirewall(firewall);
  if (problems.length > 0) throw new FirewallRefused(problems);
}

export function checkState(state: DesiredState): void {
  const refuse = (reason: string): never => {
    throw new Error(`state refused: ${reason}`);
  };
  const { self } = state;
  const own = isControllerId(self.id) ? self.id : refuse(`self.id ${self.id} is not 1 to 10`);
  const subnet =
    parseCidr(self.overlaySubnet) ?? refuse(`overlaySubnet ${self.overlaySubnet} is not a network`);
  for (const address of [
    self.overlayAddress,
    self.vip,
    ...state.controllers.map((entry) => entry.overlayAddress),
  ]) {
    const parsed = parseIpv4(address);
    if (!parsed || !contains(subnet, parsed)) refuse(`${address} is outside ${subnet}`);
  }
  if (self.ula !== undefined && !parseUla(self.ula)) refuse(`ula ${self.ula} is not a unique local /64`);
  const seen = new Set<number>();
  for (const link of state.links) {
    if (!isControllerId(link.peer) || link.peer === own || seen.has(link.peer))
      refuse(`link to ${link.peer}`);
    else {
      seen.add(link.peer);
      if (link.port !== linkPort(own, link.peer)) refuse(`port ${link.port} for controller ${link.peer}`);
      if (link.endpoint !== null && isIP(link.endpoint) === 0)
        refuse(`endpoint ${link.endpoint} is not an address`);
      const expected = [linkAddress(own, link.peer), linkAddress(link.peer, own)];
      if (link.localAddress !== expected[0] || link.peerAddress !== expected[1])
        refuse(`addresses of link ${link.peer}`);
      const known = state.controllers.find((entry) => entry.id === link.peer);
      if (known?.overlayAddress !== link.peerOverlayAddress || known?.asn !== link.peerAsn) {
        refuse(`link ${link.peer} disagrees with the list of controllers`);
      }
    }
  }
  for (const route of state.routes) {
    const cidr = parseCidr(route.cidr) ?? refuse(`route ${route.cidr} is not a network`);
    if (overlaps(cidr, subnet) && contains(subnet, networkOf(cidr)))
      refuse(`route ${cidr} lies in the overlay`);
    if (route.gateway && !parseIpv4(route.gateway)) refuse(`gateway ${route.gateway} is not an address`);
  }
  if (state.clients) checkClients(state, state.clients, own, subnet, refuse);
}
