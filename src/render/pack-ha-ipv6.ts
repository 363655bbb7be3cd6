import type { PackInput, PackRemote } from '../clientpack/pack-input.ts';
import { ipv6Of } from '../topology/overlay-ipv6.ts';
import { COMMUNITY, community, MAX_PREFIXES, MESH_TABLE } from './engine-paths.ts';

/** What an HA pack's BIRD has besides when the overlay has IPv6: host routes in the sessions that are there anyway. */
export function haProtocols6({ address, ula }: PackInput): string {
  if (!ula) return '';
  const own = ipv6Of(ula, address);
  return `
protocol static own6 {
  ipv6;
  route ${own}/128 blackhole;
}
protocol kernel kernel6 {
  kernel table ${MESH_TABLE};
  scan time 10;
  persist;
  ipv6 {
    import none;
    export filter { if source = RTS_BGP then { krt_prefsrc = ${own}; accept; } reject; };
  };
}
`;
}

/** A tunnel has one other end, so the interface is all that a route needs. */
export function haChannel6({ address, ula }: PackInput, { id }: PackRemote, rank: number): string {
  if (!ula) return '';
  return `  ipv6 {
    import filter {
      if net.len != 128 || ! (net ~ ${ula}) || net = ${ipv6Of(ula, address)}/128 then reject;
      ifname = "mwc${id}";
      bgp_local_pref = ${200 - rank};
      if bgp_large_community ~ [(${COMMUNITY}, ${community.leaving}, *)] then bgp_local_pref = ${50 - rank};
      accept;
    };
    import limit ${MAX_PREFIXES} action block;
    export filter {
      if proto != "own6" then reject;
      bgp_large_community.add((${COMMUNITY}, ${community.haRank}, ${rank}));
      accept;
    };
    next hop self;
    extended next hop on;
  };
`;
}
