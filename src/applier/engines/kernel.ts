import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { DesiredState } from '../../desired/state.ts';
import { GUARD_PROTOCOL, MESH_TABLE, TUNNEL_MARK } from '../../render/engine-paths.ts';
import { command } from '../command.ts';
import type { IpShow } from './ip-show.ts';

const MARK = `0x${TUNNEL_MARK.toString(16)}`;

/**
 * Rules, in the order of evaluation. Encrypted packets use the machine's own routes and nothing else; everybody
 * else looks into the mesh table first. Local networks win there by `throw` routes (see syncThrowRoutes), so a
 * peer that announces our own subnet cannot pull our local traffic into a tunnel.
 */
const RULES: readonly (readonly string[])[] = [
  ['priority', '1950', 'fwmark', MARK, 'lookup', 'main'],
  ['priority', '1951', 'fwmark', MARK, 'unreachable'],
  ['priority', '1960', 'lookup', String(MESH_TABLE)],
];

const SYSCTLS: Readonly<Record<string, string>> = {
  // A controller routes between links, sites and clients.
  'net/ipv4/ip_forward': '1',
  // Loose: traffic may leave by one controller and come back by another.
  'net/ipv4/conf/all/rp_filter': '2',
  'net/ipv4/conf/default/rp_filter': '2',
  // Telling clients to talk to each other directly would bypass the overlay.
  'net/ipv4/conf/all/send_redirects': '0',
  'net/ipv4/conf/default/send_redirects': '0',
  // A flow may come to this controller in its middle, when another one has died.
  'net/netfilter/nf_conntrack_tcp_loose': '1',
};

/** Everything of the kernel that is neither a link nor a filter: sysctls, rules, own addresses, guard routes. */
export async function applyKernel(state: DesiredState, ip: IpShow): Promise<void> {
  writeSysctls();
  await ensureRules(ip);
  await syncOwnAddresses(state, ip);
  await syncGuardRoutes(state, ip);
}

/** Repairs what others take away, such as a network daemon that deletes foreign rules. Returns the mesh table as it was. */
export async function keepKernel(state: DesiredState, ip: IpShow): Promise<KernelRoute[]> {
  writeSysctls();
  await ensureRules(ip);
  return syncGuardRoutes(state, ip);
}

function writeSysctls(): void {
  for (const [name, value] of Object.entries(SYSCTLS)) {
    const path = `/proc/sys/${name}`;
    if (existsSync(path) && readFileSync(path, 'utf8').trim() !== value) writeFileSync(path, value);
  }
}

async function ensureRules(ip: IpShow): Promise<void> {
  const present = await ip.ask<{ priority: number }>('rule show');
  const missing = RULES.filter(([, priority]) => !present.some((rule) => String(rule.priority) === priority));
  for (const rule of missing) await command('ip', ['rule', 'add', ...rule]);
}

interface Loopback {
  readonly flags: readonly string[];
  readonly addr_info: readonly { readonly local: string; readonly label?: string }[];
}

/** Overlay address and VIP live as /32 on lo only: a connected /32 on a link would beat BIRD when the link is dark. */
async function syncOwnAddresses({ self }: DesiredState, ip: IpShow): Promise<void> {
  const wanted = new Set([self.overlayAddress, self.vip]);
  const [lo] = await ip.ask<Loopback>('address show dev lo');
  const ours = (lo?.addr_info ?? []).filter((entry) => entry.label === 'lo:mesh').map((entry) => entry.local);
  const lines = [
    ...(lo?.flags.includes('UP') ? [] : ['link set dev lo up']),
    ...ours.filter((address) => !wanted.has(address)).map((address) => `address delete ${address}/32 dev lo`),
    ...[...wanted]
      .filter((address) => !ours.includes(address))
      .map((address) => `address replace ${address}/32 dev lo label lo:mesh`),
  ];
  if (lines.length > 0) await command('ip', ['-batch', '-'], { input: `${lines.join('\n')}\n` });
}

export interface KernelRoute {
  readonly type?: string;
  readonly dst: string;
  readonly dev?: string;
  readonly protocol?: string;
}

/**
 * The mesh table's guards: a `throw` for each network that the machine itself knows (equal prefixes are decided
 * locally, more specific mesh routes still win), and `unreachable` for the overlay so that packets for an address
 * nobody holds never leak into the underlay.
 */
async function syncGuardRoutes({ self, links }: DesiredState, ip: IpShow): Promise<KernelRoute[]> {
  const main = await ip.ask<KernelRoute>('route show table main');
  const mesh = await meshRoutes(ip);
  const linkNames = new Set(links.map((link) => `mw${link.peer}`));
  const wanted = new Map<string, string>([[`unreachable ${self.overlaySubnet}`, 'metric 4096']]);
  for (const route of main) {
    if (route.dst === 'default' || (route.dev && (linkNames.has(route.dev) || /^mw\d+$/.test(route.dev))))
      continue;
    wanted.set(`throw ${route.dst}`, 'metric 0');
  }
  const present = new Set(
    mesh
      .filter((route) => route.protocol === String(GUARD_PROTOCOL))
      .map((route) => `${route.type} ${route.dst}`),
  );
  const lines = [
    ...[...wanted]
      .filter(([route]) => !present.has(route))
      .map(
        ([route, metric]) =>
          `route replace ${route} table ${MESH_TABLE} ${metric} protocol ${GUARD_PROTOCOL}`,
      ),
    ...[...present]
      .filter((route) => !wanted.has(route))
      .map((route) => `route delete ${route} table ${MESH_TABLE} protocol ${GUARD_PROTOCOL}`),
  ];
  if (lines.length > 0) await command('ip', ['-batch', '-'], { input: `${lines.join('\n')}\n` });
  return mesh;
}

/** What the mesh table holds now; nothing while it does not exist. */
export function meshRoutes(ip: IpShow): Promise<KernelRoute[]> {
  return ip.ask<KernelRoute>(`route show table ${MESH_TABLE}`);
}
