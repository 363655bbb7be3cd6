import type { DesiredState } from '../desired/state.ts';
import type { Ipv4 } from '../net/ipv4.ts';
import { API_PORT, MEMBER_PORT } from '../paths.ts';
import { ipv6Of, type Ula } from '../topology/overlay-ipv6.ts';
import { CLIENT_INTERFACE, OPENVPN_INTERFACE } from './engine-paths.ts';

export const FROM_CLIENTS = `iifname { "${CLIENT_INTERFACE}", "${OPENVPN_INTERFACE}" }`;
export const MANAGEMENT = `tcp dport { ${API_PORT}, ${MEMBER_PORT} }`;

/** Lines for the chains of the base table, each for its place there. */
interface Ipv6Rules {
  readonly management: string[];
  readonly spoofed: string[];
  readonly overlay: string[];
  readonly clientInput: string[];
  readonly clientForward: string[];
}

const NONE: Ipv6Rules = { management: [], spoofed: [], overlay: [], clientInput: [], clientForward: [] };

/**
 * The base policy for IPv6 inside of the overlay says what it says for IPv4, and one thing more: tunnels carry IPv6 from
 * the overlay's prefix into the prefix and nowhere else, because a controller that forwards IPv6 would take a client's
 * packets to the world otherwise.
 */
export function ipv6Rules({ self, controllers }: DesiredState, clientsMayManage: boolean): Ipv6Rules {
  const ula = self.ula as Ula | undefined;
  if (!ula) return NONE;
  const members = controllers.map(({ overlayAddress }) => ipv6Of(ula, overlayAddress as Ipv4));
  const own = [...members, ipv6Of(ula, self.vip as Ipv4)].join(', ');
  const posing = [
    `${FROM_CLIENTS} ip6 saddr { ${own} } drop`,
    `iifname "${OPENVPN_INTERFACE}" ip6 saddr != ${ula} drop`,
  ];
  return {
    management: [
      `ip6 saddr ${ula} ip6 saddr != { ${own} } tcp dport ${clientsMayManage ? MEMBER_PORT : `{ ${API_PORT}, ${MEMBER_PORT} }`} drop`,
    ],
    spoofed: [`ip6 saddr ${ula} drop`],
    overlay: [
      `iifname "mw*" oifname "mw*" ip6 saddr ${ula} ip6 daddr ${ula} accept`,
      'iifname "mw*" meta nfproto ipv6 drop',
    ],
    clientInput: [
      ...posing,
      ...(clientsMayManage
        ? []
        : [
            `iifname "mw*" ip6 saddr ${ula} ip6 saddr != { ${members.join(', ')} } ${MANAGEMENT} reject with tcp reset`,
          ]),
    ],
    clientForward: [
      ...posing,
      ...(clientsMayManage
        ? []
        : [`${FROM_CLIENTS} ip6 daddr { ${own} } ${MANAGEMENT} reject with tcp reset`]),
    ],
  };
}
