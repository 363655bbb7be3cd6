import type { DesiredClient } from '../desired/clients.ts';
import type { DesiredLink, DesiredState } from '../desired/state.ts';
import type { Ipv4 } from '../net/ipv4.ts';
import { ipv6Of, type Ula } from '../topology/overlay-ipv6.ts';
import { fromAttached, pathLimit } from './bird-attached.ts';
import {
  ATTACHED_TABLE,
  CLIENT_INTERFACE,
  COMMUNITY,
  community,
  FAR_ENDS_TABLE,
  MAX_PREFIXES,
  MESH_TABLE,
} from './engine-paths.ts';

/**
 * BIRD's part of IPv6 inside of the overlay: host routes only, on the sessions that carry IPv4. Tunnels lead to one
 * neighbour each, so a route needs no next hop but the interface, which the kernel is told; links and tunnels have no IPv6
 * addresses. A far end that BFD finds dark takes the routes of both families with it.
 */
export function ipv6Filters({ self, controllers, links, clients }: DesiredState): string {
  const ula = self.ula as Ula | undefined;
  if (!ula) return '';
  const host = (address: string) => `${ipv6Of(ula, address as Ipv4)}/128`;
  const leaving = `bgp_large_community.add((${COMMUNITY}, ${community.leaving}, 1));`;
  const origins = controllers.map(
    ({ overlayAddress, asn }) =>
      `  if net = ${host(overlayAddress)} && bgp_path.last != ${asn} then return false;`,
  );
  const tunnels = links.map(({ peer }) => `  if proto = "peer${peer}" then ifname = "mw${peer}";`);
  const attached = clients ? ' || proto = "attached6"' : '';
  const attaching = fromAttached('from_attached6', 128, ula);
  const toClient = `filter to_client6
{
  if dest = RTD_UNREACHABLE then reject;
  if source = RTS_BGP || proto = "attached6" || proto = "own6" || proto = "vip6" then {
    ${clients?.drained ? `${leaving}\n    ` : ''}accept;
  }
  reject;
}
`;
  return `function acceptable6()
{
${clients ? pathLimit : '  if bgp_path.len > 3 then return false;'}
  if bgp_next_hop != from then return false;
  if net.len != 128 then return false;
  if ! (net ~ ${ula}) then return false;
  if net = ${host(self.vip)} then return false;
${origins.join('\n')}
  return true;
}
filter to_peer6
{
  if dest = RTD_UNREACHABLE then reject;
  if source = RTS_BGP then {${clients?.drained ? ` ${leaving}` : ''} accept; }
  if proto = "own6"${attached} then accept;
  reject;
}
filter to_kernel6
{
  if dest = RTD_UNREACHABLE then reject;
${tunnels.join('\n')}
  if source = RTS_BGP${attached} then { krt_prefsrc = ${ipv6Of(ula, self.overlayAddress as Ipv4)}; accept; }
  reject;
}
${clients ? attaching + toClient : ''}`;
}

export function ipv6Protocols({ self, clients }: DesiredState): string[] {
  const ula = self.ula as Ula | undefined;
  if (!ula) return [];
  const host = (address: string) => `${ipv6Of(ula, address as Ipv4)}/128`;
  const forClients = `ipv6 table clients6;
protocol kernel attached6 {
  kernel table ${ATTACHED_TABLE};
  learn;
  scan time 10;
  ipv6 { table clients6; import filter from_attached6; export none; };
}
protocol pipe attached_clients6 { table master6; peer table clients6; import all; export none; }
protocol static vip6 {
  ipv6;
  route ${host(self.vip)} blackhole;
}
`;
  return [
    `protocol kernel mesh6 {
  kernel table ${MESH_TABLE};
  scan time 10;
  persist;
  ipv6 { import none; export filter to_kernel6; };
}
protocol static own6 {
  ipv6;
  route ${host(self.overlayAddress)} blackhole;
}
${clients ? forClients : ''}`,
  ];
}

/** A link's second channel. The next hop that is announced is the far end's IPv4 address, which BFD answers for. */
export function ipv6LinkChannel({ self, clients }: DesiredState, { avoid }: DesiredLink): string {
  if (!self.ula) return '';
  return `  ipv6 {
    igp table ${FAR_ENDS_TABLE};
    gateway recursive;
    import filter {
      if ! acceptable6() then reject;
${avoid ? '      bgp_local_pref = 50;\n' : ''}      if bgp_large_community ~ [(${COMMUNITY}, ${community.leaving}, *)] then bgp_local_pref = 40;
${clients ? '      grade();\n' : ''}      accept;
    };
    import limit ${MAX_PREFIXES} action block;
    export filter to_peer6;
    next hop self;
    extended next hop on;
  };
`;
}

/** The same of an HA client's session, which may bring the client's own address and nothing else. */
export function ipv6ClientChannel({ self }: DesiredState, { address }: DesiredClient): string {
  if (!self.ula) return '';
  return `  ipv6 {
    import filter {
      if net != ${ipv6Of(self.ula as Ula, address as Ipv4)}/128 then reject;
      ifname = "${CLIENT_INTERFACE}";
      from_client();
      accept;
    };
    import limit 10 action block;
    export filter to_client6;
    next hop self;
    extended next hop on;
  };
`;
}
