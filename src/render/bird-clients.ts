import type { DesiredClient, DesiredClients } from '../desired/clients.ts';
import type { DesiredState } from '../desired/state.ts';
import { steadyMultiplier } from '../topology/bfd-timing.ts';
import { fromAttached } from './bird-attached.ts';
import { ipv6ClientChannel } from './bird-ipv6.ts';
import { afterErrors } from './bird-session.ts';
import {
  ATTACHED_TABLE,
  CLIENT_INTERFACE,
  COMMUNITY,
  community,
  EPOCHS_TABLE,
  HA_EPOCH,
  MAX_EPOCH,
} from './engine-paths.ts';

/**
 * BIRD's part of the overlay clients. An address belongs to the route with the highest preference:
 *
 *   62000         HA packs: every controller has a way of its own, and all prefer the client's first choice by local
 *                 preference, so that a way that is dark never counts
 *   1000 + epoch  OpenVPN and plain WireGuard: the newest attachment
 *
 * Attachments come from a kernel table that OpenVPN's hook and the WireGuard watcher write, so that nobody of
 * Meshwright has to be alive for a client to come and go. Epochs go back to the hook through a table of their own.
 */
export function clientFilters({ clients, self }: DesiredState): string {
  if (!clients) return '';
  const drained = clients.drained ? `\n  rank = rank + ${DRAINED_RANK};` : '';
  return `function epoch_of() int e; {
  e = 0;
  for lc c in filter(bgp_large_community, [(${COMMUNITY}, ${community.openvpnEpoch}..${community.wireguardEpoch}, *)]) do e = c.data2;
  return e;
}
function is_ha()
{
  return bgp_large_community ~ [(${COMMUNITY}, ${community.haRank}, *)];
}
# The grade of a client's host route, from what it carries.
function grade() int value; {
  if is_ha() then {
    value = 0;
    for lc c in filter(bgp_large_community, [(${COMMUNITY}, ${community.haRank}, *)]) do value = c.data2;
    if value > 1000 then value = 1000;
    preference = 62000;
    bgp_local_pref = (1000 - value) * 1000 + bgp_local_pref;
  } else {
    value = epoch_of();
    if value > 0 then {
      if value > ${MAX_EPOCH} then value = ${MAX_EPOCH};
      preference = 1000 + value;
    }
  }
}
# An HA client's announcement: all that counts of it is how high it ranks this controller.
function from_client() int rank; {
  rank = 9;
  for lc c in filter(bgp_large_community, [(${COMMUNITY}, ${community.haRank}, *)]) do rank = c.data2;
  if rank > 9 then rank = 9;${drained}
  bgp_community.empty;
  bgp_ext_community.empty;
  bgp_large_community.empty;
  bgp_large_community.add((${COMMUNITY}, ${community.haRank}, rank));
  grade();
}
${fromAttached('from_attached', 32, self.overlaySubnet)}filter to_epochs
{
  if is_ha() then { krt_metric = ${HA_EPOCH}; accept; }
  if epoch_of() > 0 then { krt_metric = epoch_of(); accept; }
  reject;
}
filter to_client
{
  if dest = RTD_UNREACHABLE then reject;
  if source = RTS_BGP || proto = "attached" || proto = "own" || proto = "vip" || proto = "announced" || proto = "forwarded" then {
    ${clients.drained ? `bgp_large_community.add((${COMMUNITY}, ${community.leaving}, 1));\n    ` : ''}accept;
  }
  reject;
}
`;
}

/** Added to what a client ranks a drained controller: any other way is better then. */
const DRAINED_RANK = 100;

export function clientProtocols(state: DesiredState): string {
  const { clients, self } = state;
  if (!clients) return '';
  return [
    `ipv4 table attached4;
ipv4 table epochs4;
protocol kernel attached {
  kernel table ${ATTACHED_TABLE};
  learn;
  scan time 10;
  ipv4 { table attached4; import filter from_attached; export none; };
}
protocol pipe attached_clients { table master4; peer table attached4; import all; export none; }
protocol pipe client_epochs { table master4; peer table epochs4; import none; export where net ~ ${self.overlaySubnet} && defined(bgp_large_community); }
protocol kernel epochs {
  kernel table ${EPOCHS_TABLE};
  scan time 10;
  metric 0;
  ipv4 { table epochs4; import none; export filter to_epochs; };
}
protocol static vip {
  ipv4;
  route ${self.vip}/32 blackhole;
}
`,
    ...clients.list.flatMap((client) => session(state, client)),
  ].join('\n');
}

/** One session a client that may use the HA pack. It waits: the client knows where we are, not the reverse. */
function session(state: DesiredState, client: DesiredClient): string[] {
  const { self, clients } = state;
  if (client.linkAddress === null) return [];
  const allowed = [`${client.address}/32`, ...client.networks].join(', ');
  return [
    `protocol bgp ${sessionName(client.address)} {
  local ${clients!.wireguard.address} as ${self.asn};
  neighbor ${client.linkAddress} as ${client.asn};
  interface "${CLIENT_INTERFACE}";
  ttl security on;
  passive on;
  bfd on;
  hold time 30;
  keepalive time 10;
${afterErrors}
  ipv4 {
    import filter { if net ~ [ ${allowed} ] then { from_client(); accept; } reject; };
    import limit 100 action block;
    export filter to_client;
    next hop self;
  };
${ipv6ClientChannel(state, client)}}
`,
  ];
}

export function sessionName(address: string): string {
  return `ha_${address.replaceAll('.', '_')}`;
}

/** Passive: no packet leaves for a client that is not there. */
export const clientBfd = ({ bfdIntervalMs }: DesiredClients) =>
  `  interface "${CLIENT_INTERFACE}" { interval ${bfdIntervalMs} ms; multiplier ${steadyMultiplier(bfdIntervalMs)}; idle tx interval 250 ms; passive yes; };\n`;
