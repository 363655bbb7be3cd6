import type { PackFile } from '../clientpack/client-intent.ts';
import type { PackInput, PackRemote } from '../clientpack/pack-input.ts';
import { CLIENT_INTERVAL_MS, steadyMultiplier } from '../topology/bfd-timing.ts';
import { WIREGUARD_PORT } from '../topology/client-link.ts';
import { connectSoon } from './bird-session.ts';
import { CLIENT_MTU, COMMUNITY, community, MAX_PREFIXES, MESH_TABLE, TUNNEL_MARK } from './engine-paths.ts';
import {
  HA_BIRD_UNIT,
  HA_INSTALL,
  HA_README,
  HA_TUNNEL_UNIT,
  HA_UNINSTALL,
  haTunnel,
} from './pack-ha-files.ts';
import { haChannel6, haProtocols6 } from './pack-ha-ipv6.ts';
import { formatEndpoint } from './wireguard.ts';

/**
 * The HA pack: a WireGuard tunnel to every controller, and BIRD with BFD to choose among them. Failure is noticed in
 * some 75 ms at both ends. The same order of controllers ranks the way out and, told to the controllers, the way back,
 * so that both use one path.
 */
export function renderHaPack(input: PackInput): PackFile[] {
  const file = (name: string, text: string, mode = 0o600): PackFile => ({ name, mode, text });
  return [
    file('README', HA_README, 0o644),
    file('install.sh', HA_INSTALL, 0o755),
    file('uninstall.sh', HA_UNINSTALL, 0o755),
    file('tunnel', haTunnel(input.ula), 0o755),
    file('meshwright-client-tunnel@.service', HA_TUNNEL_UNIT, 0o644),
    file('meshwright-client.service', HA_BIRD_UNIT, 0o644),
    file('bird.conf', birdConfig(input)),
    file('address', `${input.address}\n`, 0o644),
    ...input.remotes.flatMap((remote) => [
      file(`mwc${remote.id}.conf`, tunnelConfig(input, remote)),
      file(`mwc${remote.id}.ip`, tunnelAddresses(input, remote)),
    ]),
  ];
}

function tunnelConfig(input: PackInput, remote: PackRemote): string {
  return `[Interface]
PrivateKey = ${input.wireguardPrivateKey}
FwMark = ${TUNNEL_MARK}

[Peer]
PublicKey = ${remote.wireguardKey}
PresharedKey = ${input.presharedKey}
Endpoint = ${formatEndpoint(remote.host, WIREGUARD_PORT)}
AllowedIPs = ${['0.0.0.0/0', ...(input.ula ? [input.ula] : [])].join(', ')}
`;
}

/** `ip -batch` lines: the interface has no address of the overlay, so that no route goes with it when it is dark. */
function tunnelAddresses(input: PackInput, remote: PackRemote): string {
  const name = `mwc${remote.id}`;
  return `link set dev ${name} mtu ${CLIENT_MTU}
address replace ${input.linkAddress} peer ${remote.linkAddress}/32 dev ${name}
link set dev ${name} up
`;
}

function birdConfig(input: PackInput): string {
  const { address, networks, overlaySubnet, remotes } = input;
  return `# Overlay client ${address}: which controller carries the traffic, decided by BFD. Comes with the pack.
log stderr { warning, error, fatal, bug, auth };
router id ${address};
protocol device { scan time 10; }

protocol static own {
  ipv4;
  route ${address}/32 blackhole;
}
protocol static granted {
  ipv4;
${networks.map((cidr) => `  route ${cidr} blackhole;\n`).join('')}}
protocol kernel {
  kernel table ${MESH_TABLE};
  scan time 10;
  persist;
  ipv4 {
    import none;
    export filter { if source = RTS_BGP then { krt_prefsrc = ${address}; accept; } reject; };
  };
}
${haProtocols6(input)}protocol bfd {
  interface "mwc*" { interval ${CLIENT_INTERVAL_MS} ms; multiplier ${steadyMultiplier(CLIENT_INTERVAL_MS)}; idle tx interval 250 ms; };
}

function usable()
{
  if net.len = 0 then return false;
  if net ~ [ 0.0.0.0/8+, 127.0.0.0/8+, 169.254.0.0/16+, 224.0.0.0/3+ ] then return false;
  if net = ${address}/32 then return false;
  return net.len = 32 || ! (net ~ ${overlaySubnet});
}
${remotes.map((remote, rank) => session(input, remote, rank)).join('')}`;
}

function session(input: PackInput, remote: PackRemote, rank: number): string {
  return `
protocol bgp controller${remote.id} {
  local ${input.linkAddress} as ${input.asn};
  neighbor ${remote.linkAddress} as ${remote.asn};
  interface "mwc${remote.id}";
  ttl security on;
  bfd on;
  hold time 30;
  keepalive time 10;
${connectSoon}
  ipv4 {
    import filter {
      if ! usable() then reject;
      bgp_local_pref = ${200 - rank};
      # A controller that is being emptied says so.
      if bgp_large_community ~ [(${COMMUNITY}, ${community.leaving}, *)] then bgp_local_pref = ${50 - rank};
      accept;
    };
    import limit ${MAX_PREFIXES} action block;
    export filter {
      if proto != "own" && proto != "granted" then reject;
      bgp_large_community.add((${COMMUNITY}, ${community.haRank}, ${rank}));
      accept;
    };
    next hop self;
  };
${haChannel6(input, remote, rank)}}
`;
}
