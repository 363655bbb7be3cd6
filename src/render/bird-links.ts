import type { DesiredLink, DesiredState } from '../desired/state.ts';
import { clientBfd } from './bird-clients.ts';
import { ipv6LinkChannel } from './bird-ipv6.ts';
import { connectSoon } from './bird-session.ts';
import { FAR_ENDS_TABLE, MAX_PREFIXES } from './engine-paths.ts';

/**
 * BIRD's part of the links. BFD says whether a link's far end can be reached, BGP what lies behind it, and the one does
 * not end the other: a route counts while the far end that it names has a host route of its own, which stands and falls
 * with BFD. After a silence shorter than BGP's hold time nothing has to be learnt anew.
 */
export function linkProtocols({ links, clients }: DesiredState): string {
  const intervals = links.map(
    ({ peer, bfd: { intervalMs, multiplier } }) =>
      `  interface "mw${peer}" { interval ${intervalMs} ms; multiplier ${multiplier}; idle tx interval 50 ms; };\n`,
  );
  return [
    `ipv4 table ${FAR_ENDS_TABLE};\n`,
    ...links.map(farEnd),
    `protocol bfd links {
  debug { events };
${intervals.join('')}${clients ? clientBfd(clients) : ''}}
`,
  ].join('');
}

/** What it says of its route is what is heard of BFD: the thread that runs the sessions speaks to the log file alone. */
function farEnd({ peer, peerAddress }: DesiredLink): string {
  return `protocol static far_end${peer} {
  debug { routes };
  ipv4 { table ${FAR_ENDS_TABLE}; };
  route ${peerAddress}/32 via ${peerAddress}%'mw${peer}' bfd;
}
`;
}

/**
 * Timers: BFD detects failures, so the hold time only bounds for how long, after a link came back, the far side may not
 * have heard what changed while it was dark.
 */
export function linkSession(state: DesiredState, link: DesiredLink): string {
  const { self } = state;
  return `protocol bgp peer${link.peer} {
  debug { states };
  local ${link.localAddress} as ${self.asn};
  neighbor ${link.peerAddress} as ${link.peerAsn};
  interface "mw${link.peer}";
  ttl security on;
  hold time 10;
  keepalive time 3;
${connectSoon}
  ipv4 {
    igp table ${FAR_ENDS_TABLE};
    gateway recursive;
    import filter ${link.avoid ? 'from_avoided_peer' : 'from_peer'};
    import limit ${MAX_PREFIXES} action block;
    export filter to_peer;
    next hop self;
  };
${ipv6LinkChannel(state, link)}}
`;
}
