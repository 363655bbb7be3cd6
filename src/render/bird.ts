import type { DesiredRoute, DesiredState } from '../desired/state.ts';
import { pathLimit } from './bird-attached.ts';
import { clientFilters, clientProtocols } from './bird-clients.ts';
import { ipv6Filters, ipv6Protocols } from './bird-ipv6.ts';
import { linkProtocols, linkSession } from './bird-links.ts';
import { COMMUNITY, community, enginePaths, MESH_TABLE } from './engine-paths.ts';

/**
 * BIRD's configuration. Controllers are eBGP neighbours with one private ASN each, so a path over a third
 * controller is learnt before it is needed; BFD on every link says when to take it. A route whose far end is dark is
 * `RTD_UNREACHABLE`: it loses to every other way, and with none it is told to nobody and to no kernel.
 *
 * Every value printed here is a number, an address or a prefix that the border schema has checked, except
 * interface names, which are quoted and restricted to letters, digits, dot, dash and underscore.
 */
export function renderBird(state: DesiredState): string {
  return [
    head(state),
    filters(state),
    kernel(state),
    statics(state),
    clientProtocols(state),
    ...ipv6Protocols(state),
    linkProtocols(state),
    ...state.links.map((link) => linkSession(state, link)),
  ].join('\n');
}

function head({ self }: DesiredState): string {
  return `# Rendered by Meshwright from the desired state. Edits are overwritten.
log "${enginePaths.birdLog}" 1048576 "${enginePaths.birdLog}.1" all;
router id ${self.overlayAddress};
timeformat protocol iso long ms;
timeformat route iso long ms;
protocol device { scan time 10; }
`;
}

function filters(state: DesiredState): string {
  const { self, controllers, links, clients } = state;
  const grade = clients ? ' grade();' : '';
  const leaving = ` if bgp_large_community ~ [(${COMMUNITY}, ${community.leaving}, *)] then bgp_local_pref = 40;`;
  const drained = clients?.drained
    ? ` bgp_large_community.add((${COMMUNITY}, ${community.leaving}, 1));`
    : '';
  const origins = controllers.map(
    ({ overlayAddress, asn }) =>
      `    if net = ${overlayAddress}/32 && bgp_path.last != ${asn} then return false;`,
  );
  const attached = clients ? ' || proto = "attached"' : '';
  const routeMtus = links
    .filter((link) => link.routeMtu < link.mtu)
    .map((link) => `    if ifname = "mw${link.peer}" then krt_mtu = ${link.routeMtu};`);
  return `# A controller's address counts only when it comes from that controller's own ASN.
function acceptable()
{
${clients ? pathLimit : '  if bgp_path.len > 3 then return false;'}
  if bgp_next_hop != from then return false;
  if net.len = 0 then return false;
  if net ~ [ 0.0.0.0/8+, 127.0.0.0/8+, 169.254.0.0/16+, 224.0.0.0/3+ ] then return false;
  if net ~ ${self.overlaySubnet} then {
    if net.len != 32 then return false;
    if net = ${self.vip}/32 then return false;
${origins.join('\n')}
  }
  return true;
}
${clientFilters(state)}filter from_peer { if acceptable() then {${leaving}${grade} accept; } reject; }
filter from_avoided_peer { if acceptable() then { bgp_local_pref = 50;${leaving}${grade} accept; } reject; }
filter to_peer
{
  if dest = RTD_UNREACHABLE then reject;
  if source = RTS_BGP then {${drained} accept; }
  if proto = "own" || proto = "announced" || proto = "forwarded"${attached} then accept;
  reject;
}
filter to_kernel
{
  if dest = RTD_UNREACHABLE then reject;
  if source = RTS_BGP${attached} then {
    krt_prefsrc = ${self.overlayAddress};
${routeMtus.join('\n')}
    accept;
  }
  if proto = "forwarded" || proto = "unadvertised" then accept;
  reject;
}
${ipv6Filters(state)}`;
}

function kernel(_state: DesiredState): string {
  return `protocol kernel mesh {
  kernel table ${MESH_TABLE};
  scan time 10;
  persist;
  ipv4 { import none; export filter to_kernel; };
}
`;
}

/** What the own host route tells every member about this controller. */
function facts({ self }: DesiredState): string {
  const words = self.topologyChecksum.match(/.{8}/g) ?? [];
  const [major, minor, patch] = self.version;
  const pairs: [number, number][] = [
    ...words.map((word, index): [number, number] => [
      community.checksumWord + index,
      Number.parseInt(word, 16),
    ]),
    [community.version, major * 65536 + minor * 256 + patch],
    [community.instance, self.instance],
  ];
  return pairs
    .map(([key, value]) => `    bgp_large_community.add((${COMMUNITY}, ${key}, ${value}));`)
    .join('\n');
}

function statics(state: DesiredState): string {
  const announced = state.routes.filter((route) => route.advertise && !nextHop(route));
  const forwarded = state.routes.filter((route) => route.advertise && nextHop(route));
  const unadvertised = state.routes.filter((route) => !route.advertise && nextHop(route));
  const block = (name: string, lines: string[]) =>
    `protocol static ${name} {\n  ipv4;\n${lines.map((line) => `  ${line}\n`).join('')}}\n`;
  return [
    `protocol static own {\n  ipv4;\n  route ${state.self.overlayAddress}/32 blackhole {\n${facts(state)}\n  };\n}\n`,
    block('announced', unique(announced.map((route) => `route ${route.cidr} blackhole;`))),
    block('forwarded', unique(forwarded.map((route) => `route ${route.cidr} ${nextHop(route)};`))),
    block('unadvertised', unique(unadvertised.map((route) => `route ${route.cidr} ${nextHop(route)};`))),
  ].join('');
}

/** `via A%'if'` is understood by every BIRD 2; `dev` beside an address is not. */
function nextHop(route: DesiredRoute): string | null {
  if (route.gateway && route.interface) return `via ${route.gateway}%'${route.interface}'`;
  if (route.gateway) return `via ${route.gateway}`;
  if (route.interface) return `via "${route.interface}"`;
  return null;
}

function unique(lines: string[]): string[] {
  return [...new Set(lines)];
}
