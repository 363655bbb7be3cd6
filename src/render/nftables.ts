import type { DesiredFirewall } from '../desired/firewall.ts';
import type { DesiredLink, DesiredState } from '../desired/state.ts';
import { CLIENT_LINKS, OPENVPN_PORT, WIREGUARD_PORT } from '../topology/client-link.ts';
import { ACCEPTED_MARK, OPENVPN_INTERFACE } from './engine-paths.ts';
import { FROM_CLIENTS, ipv6Rules, MANAGEMENT } from './nftables-ipv6.ts';

/** What the base policy depends on besides the mesh itself. */
export interface BasePolicy extends Pick<DesiredFirewall, 'sealed' | 'clientsMayManage' | 'ipsec'> {
  /** TCP ports of the machine's SSH daemon, so that nobody is locked out by installing us. */
  readonly sshPorts: readonly number[];
}

export const OPEN_POLICY: BasePolicy = { sealed: false, clientsMayManage: false, sshPorts: [22] };

/** A rule and no policy of the chain: somebody who flushes the chain would cut the mesh off until it is repaired. */
const REFUSE = 'counter drop';
const ACCEPTED = `meta mark & 0x${ACCEPTED_MARK.toString(16)} != 0`;

/**
 * Our base table, replaced as a whole in one transaction. It holds the segment size clamp (a path that swallows large
 * packets without saying so would hang connections), the pins, and the base policy: who may talk to this
 * controller and whose packets it forwards. The policy comes after the operator's rules and lets pass what they accept.
 */
export function renderNftables(state: DesiredState, policy: BasePolicy = OPEN_POLICY): string {
  return `table inet meshwright
delete table inet meshwright
table inet meshwright {
  set inside {
    type ipv4_addr
    flags interval
    auto-merge
${inside(state)}  }
  chain forward {
    type filter hook forward priority mangle; policy accept;
    oifname "mw*" tcp flags syn tcp option maxseg size set rt mtu
    iifname "mw*" tcp flags syn tcp option maxseg size set rt mtu
  }
  chain pinned {
    type filter hook input priority raw; policy accept;
${pins(state.links)}  }
  chain output {
    type filter hook output priority mangle; policy accept;
    oifname "mw*" tcp flags syn tcp option maxseg size set rt mtu
  }
  chain input_policy {
    type filter hook input priority filter + 10; policy accept;
${block(inputPolicy(state, policy))}  }
  chain forward_policy {
    type filter hook forward priority filter + 10; policy accept;
${block(forwardPolicy(state, policy))}  }
${clients(state, policy)}}
`;
}

/**
 * What overlay clients may not do. The engines already hold a client to its own address; the rules here keep the
 * addresses of tunnels, controllers and peers out of its reach, and management unless it was allowed. Members talk
 * to each other from controllers' addresses, so that those pass.
 */
function clients(state: DesiredState, { clientsMayManage }: BasePolicy): string {
  const { clients, controllers, self } = state;
  if (!clients) return '';
  const ipv6 = ipv6Rules(state, clientsMayManage);
  const members = controllers.map((one) => one.overlayAddress).join(', ');
  const forbidden = [...controllers.map((one) => one.overlayAddress), self.vip].join(', ');
  const input = [
    `${FROM_CLIENTS} ip saddr { ${forbidden} } drop`,
    `iifname "${OPENVPN_INTERFACE}" ip saddr != ${self.overlaySubnet} drop`,
    ...(clientsMayManage
      ? []
      : [
          `${FROM_CLIENTS} ${MANAGEMENT} reject with tcp reset`,
          `iifname "mw*" ip saddr ${self.overlaySubnet} ip saddr != { ${members} } ${MANAGEMENT} reject with tcp reset`,
        ]),
    ...ipv6.clientInput,
  ];
  const forward = [
    `${FROM_CLIENTS} ip saddr { ${forbidden} } drop`,
    `${FROM_CLIENTS} ip saddr ${CLIENT_LINKS} drop`,
    `iifname "${OPENVPN_INTERFACE}" ip saddr != ${self.overlaySubnet} drop`,
    ...(clientsMayManage
      ? []
      : [`${FROM_CLIENTS} ip daddr { ${forbidden} } ${MANAGEMENT} reject with tcp reset`]),
    ...ipv6.clientForward,
  ];
  // A drained controller does not answer who begins anew (OpenVPN: a hard reset of version 3; WireGuard: message
  // type 1), so that new clients take the next one, while sessions that exist go on until they were moved.
  const drained = [
    `udp dport ${OPENVPN_PORT} @th,64,5 10 drop`,
    `udp dport ${WIREGUARD_PORT} @th,64,8 1 ct state new drop`,
  ];
  return `  chain client_input {
    type filter hook input priority filter - 10; policy accept;
${block(input)}  }
  chain client_forward {
    type filter hook forward priority filter - 10; policy accept;
${block(forward)}  }
  chain drained {
    type filter hook input priority raw; policy accept;
${block(clients.drained ? drained : [])}  }
`;
}

/** Networks whose packets may come in beside the mesh: what this controller has routes of its own for. */
function inside({ routes }: DesiredState): string {
  const networks = [...new Set(routes.map(({ cidr }) => cidr))];
  return networks.length > 0 ? `    elements = { ${networks.join(', ')} }\n` : '';
}

function pins(links: readonly DesiredLink[]): string {
  return block(
    links
      .filter((link) => link.pinned && link.endpoint)
      .map((link) => `udp dport ${link.port} ${from(link.endpoint!, '!= ')} drop`),
  );
}

function inputPolicy(state: DesiredState, policy: BasePolicy): string[] {
  const { self, controllers, links } = state;
  const own = [...controllers.map(({ overlayAddress }) => overlayAddress), self.vip].join(', ');
  const client = `ip saddr ${self.overlaySubnet} ip saddr != { ${own} }`;
  const ipv6 = ipv6Rules(state, policy.clientsMayManage);
  const management = policy.clientsMayManage ? '8001' : '{ 8000, 8001 }';
  return [
    'iifname "lo" accept',
    // Before the rule that lets flows go on: taking the permission away ends what it had allowed.
    `${client} tcp dport ${management} drop`,
    ...ipv6.management,
    'iifname != "mw*" tcp dport 8001 drop',
    // Here an INVALID packet is no anomaly: a flow may leave by one controller and come back by another.
    'iifname "mw*" accept',
    `ip saddr ${self.overlaySubnet} drop`,
    ...ipv6.spoofed,
    'ct state established,related accept',
    // Neighbours and their advertisements: without them IPv6 has no underlay.
    'icmpv6 type { nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } accept',
    'udp dport { 68, 546 } accept',
    'udp dport { 1193, 1194 } accept',
    ...(policy.ipsec ? ['udp dport { 500, 4500 } accept', 'meta l4proto { esp, ah } accept'] : []),
    ...(policy.sealed
      ? links
          .filter(({ endpoint }) => endpoint)
          .map(({ endpoint, port }) => `udp dport ${port} ${from(endpoint!)} accept`)
      : [
          `${ACCEPTED} accept`,
          'udp dport 1195-1203 accept',
          'tcp dport 8000 accept',
          `tcp dport { ${policy.sshPorts.join(', ')} } accept`,
          'meta l4proto { icmp, ipv6-icmp } accept',
          'ip saddr @inside accept',
        ]),
    REFUSE,
  ];
}

function forwardPolicy(state: DesiredState, policy: BasePolicy): string[] {
  const ipv6 = ipv6Rules(state, policy.clientsMayManage);
  return [
    ...ipv6.overlay,
    'iifname "mw*" accept',
    `ip saddr ${state.self.overlaySubnet} drop`,
    ...ipv6.spoofed,
    'ct state established,related accept',
    ...(policy.sealed
      ? // What comes in beside the mesh must come from where its source lives, so the underlay cannot pose as a site.
        ['fib saddr . iif oif missing drop']
      : [`${ACCEPTED} accept`, 'ct status dnat accept']),
    'ip saddr @inside accept',
    REFUSE,
  ];
}

const from = (address: string, not = ''): string =>
  `${address.includes(':') ? 'ip6' : 'ip'} saddr ${not}${address}`;
const block = (lines: readonly string[]): string => lines.map((line) => `    ${line}\n`).join('');
