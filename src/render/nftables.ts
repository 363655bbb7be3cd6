import type { DesiredState } from '../desired/state.ts';
import { API_PORT, MEMBER_PORT } from '../paths.ts';
import { CLIENT_LINKS, OPENVPN_PORT, WIREGUARD_PORT } from '../topology/client-link.ts';
import { CLIENT_INTERFACE, OPENVPN_INTERFACE } from './engine-paths.ts';

/**
 * Our base table. TCP that crosses a link is told a segment size that fits the route's MTU: a path that swallows
 * large packets without saying so would hang connections otherwise.
 */
export function renderNftables(state: DesiredState): string {
  const { links } = state;
  const pins = links
    .filter((link) => link.pinned && link.endpoint)
    .map((link) => {
      const family = link.endpoint!.includes(':') ? 'ip6' : 'ip';
      return `    udp dport ${link.port} ${family} saddr != ${link.endpoint} drop\n`;
    });
  return `table inet meshwright
delete table inet meshwright
table inet meshwright {
  chain forward {
    type filter hook forward priority mangle; policy accept;
    oifname "mw*" tcp flags syn tcp option maxseg size set rt mtu
    iifname "mw*" tcp flags syn tcp option maxseg size set rt mtu
  }
  chain pinned {
    type filter hook input priority raw; policy accept;
${pins.join('')}  }
  chain output {
    type filter hook output priority mangle; policy accept;
    oifname "mw*" tcp flags syn tcp option maxseg size set rt mtu
  }
${clients(state)}}
`;
}

const FROM_CLIENTS = `iifname { "${CLIENT_INTERFACE}", "${OPENVPN_INTERFACE}" }`;
const MANAGEMENT = `tcp dport { ${API_PORT}, ${MEMBER_PORT} }`;

/**
 * What overlay clients may not do. The engines already hold a client to its own address; the rules here keep the
 * addresses of tunnels, controllers and peers out of its reach, and management unless it was allowed. Members talk
 * to each other from controllers' addresses, so that those pass.
 */
function clients({ clients, controllers, self }: DesiredState): string {
  if (!clients) return '';
  const members = controllers.map((one) => one.overlayAddress).join(', ');
  const forbidden = [...controllers.map((one) => one.overlayAddress), self.vip].join(', ');
  const input = [
    `${FROM_CLIENTS} ip saddr { ${forbidden} } drop`,
    `iifname "${OPENVPN_INTERFACE}" ip saddr != ${self.overlaySubnet} drop`,
    ...(clients.mayManage
      ? []
      : [
          `${FROM_CLIENTS} ${MANAGEMENT} reject with tcp reset`,
          `iifname "mw*" ip saddr ${self.overlaySubnet} ip saddr != { ${members} } ${MANAGEMENT} reject with tcp reset`,
        ]),
  ];
  const forward = [
    `${FROM_CLIENTS} ip saddr { ${forbidden} } drop`,
    `${FROM_CLIENTS} ip saddr ${CLIENT_LINKS} drop`,
    `iifname "${OPENVPN_INTERFACE}" ip saddr != ${self.overlaySubnet} drop`,
    ...(clients.mayManage
      ? []
      : [`${FROM_CLIENTS} ip daddr { ${forbidden} } ${MANAGEMENT} reject with tcp reset`]),
  ];
  // A drained controller does not answer who begins anew (OpenVPN: a hard reset of version 3; WireGuard: message
  // type 1), so that new clients take the next one, while sessions that exist go on until they were moved.
  const drained = [
    `    udp dport ${OPENVPN_PORT} @th,64,5 10 drop\n`,
    `    udp dport ${WIREGUARD_PORT} @th,64,8 1 ct state new drop\n`,
  ];
  const rules = (lines: readonly string[]) => lines.map((line) => `    ${line}\n`).join('');
  return `  chain client_input {
    type filter hook input priority filter - 10; policy accept;
${rules(input)}  }
  chain client_forward {
    type filter hook forward priority filter - 10; policy accept;
${rules(forward)}  }
  chain drained {
    type filter hook input priority raw; policy accept;
${clients.drained ? drained.join('') : ''}  }
`;
}
