import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { DesiredState } from '../../desired/state.ts';
import type { Ipv4 } from '../../net/ipv4.ts';
import { formatIpv6, parseIpv6 } from '../../net/ipv6.ts';
import { ATTACHED_TABLE, GUARD_PROTOCOL, MESH_TABLE, TUNNEL_MARK } from '../../render/engine-paths.ts';
import { ipv6Of, parseUla, type Ula } from '../../topology/overlay-ipv6.ts';
import { command } from '../command.ts';

const MARK = `0x${TUNNEL_MARK.toString(16)}`;
const GUARD = new RegExp(`^unreachable (\\S+) .*proto ${GUARD_PROTOCOL}\\b`, 'gm');
const SETTINGS = '/proc/sys/net/ipv6/conf';
const ADDRESSES = '/proc/net/if_inet6';

/**
 * The kernel's part of IPv6 inside of the overlay: forwarding, own address and VIP on lo, and rules that lead packets for
 * the overlay's prefix, and no others, to the mesh table. Runs when the tunnels exist. A machine whose kernel has no
 * IPv6 stays a member for IPv4.
 */
export async function applyKernelIpv6({ self }: DesiredState): Promise<void> {
  if (!existsSync(SETTINGS)) return;
  const ula = self.ula as Ula | undefined;
  const present = ownAddresses(readFileSync(ADDRESSES, 'utf8'));
  if (!ula) {
    if (present.length > 0) await clean(present);
    return;
  }
  writeSettings();
  const wanted = [self.overlayAddress, self.vip].map((address) => ipv6Of(ula, address as Ipv4));
  await batch([
    ...present
      .filter((address) => !wanted.some((own) => own === address))
      .map((address) => `address delete ${address}/128 dev lo`),
    // Deprecated: only who talks to the overlay uses it, by its route's word; nobody picks it for another destination.
    ...wanted
      .filter((address) => !present.includes(address))
      .map((address) => `address replace ${address}/128 dev lo preferred_lft 0`),
  ]);
  await ensureRules(ula);
  await ensureGuard(ula);
}

/** Repairs what others take away. */
export function keepKernelIpv6(state: DesiredState): Promise<void> {
  return state.self.ula ? applyKernelIpv6(state) : Promise.resolve();
}

/** Addresses on lo that only we give: unique local, and with nothing between the prefix and an IPv4 address. */
export function ownAddresses(table: string): string[] {
  return table.split('\n').flatMap((line) => {
    const [digits = '', , length, , , device] = line.trim().split(/\s+/);
    if (device !== 'lo' || length !== '80') return [];
    const groups = parseIpv6((digits.match(/.{4}/g) ?? []).join(':'));
    if (!groups) return [];
    const network = `${formatIpv6([...groups.slice(0, 4), 0, 0, 0, 0])}/64`;
    return parseUla(network) && groups[4] === 0 && groups[5] === 0 ? [formatIpv6(groups)] : [];
  });
}

/**
 * A machine that forwards ignores router advertisements unless told otherwise, and would lose the default route that it
 * has from them. Tunnels and lo need IPv6 also where an operator has switched it off for new interfaces.
 */
function writeSettings(): void {
  const interfaces = readdirSync(SETTINGS);
  for (const name of interfaces) {
    if (name === 'lo' || /^mw(\d+|ovpn|clients)$/.test(name)) set(`${name}/disable_ipv6`, '1', '0');
  }
  if (read('all/forwarding') === '1') return;
  for (const name of interfaces) set(`${name}/accept_ra`, '1', '2');
  set('all/forwarding', '0', '1');
}

function read(name: string): string | null {
  try {
    return readFileSync(`${SETTINGS}/${name}`, 'utf8').trim();
  } catch {
    // The interface has just gone.
    return null;
  }
}

function set(name: string, from: string, to: string): void {
  if (read(name) === from) writeFileSync(`${SETTINGS}/${name}`, to);
}

interface Rule {
  readonly priority: number;
  readonly dst?: string;
  readonly dstlen?: number;
}

async function ensureRules(ula: Ula): Promise<void> {
  const wanted: [number, string][] = [
    [1950, `fwmark ${MARK} lookup main`],
    [1951, `fwmark ${MARK} unreachable`],
    [1960, `to ${ula} lookup ${MESH_TABLE}`],
  ];
  const present = JSON.parse(await command('ip', ['-6', '-j', 'rule', 'show'])) as Rule[];
  const of = (priority: number) => present.filter((rule) => rule.priority === priority);
  // Of another keyset.
  const old = of(1960).filter(({ dst, dstlen }) => `${dst}/${dstlen}` !== ula);
  await batch([
    ...old.map(({ dst, dstlen }) => `rule delete priority 1960 to ${dst}/${dstlen}`),
    ...wanted
      .filter(([priority]) => of(priority).length === (priority === 1960 ? old.length : 0))
      .map(([priority, words]) => `rule add priority ${priority} ${words}`),
  ]);
}

/** Packets for an address that nobody holds must not leak into the underlay. */
async function ensureGuard(ula: Ula): Promise<void> {
  const routes = await command('ip', ['-6', 'route', 'show', 'table', String(MESH_TABLE)]).catch(() => '');
  const guards = [...routes.matchAll(GUARD)].map(([, network]) => network!);
  const of = (network: string) => `${network} table ${MESH_TABLE} metric 4096 protocol ${GUARD_PROTOCOL}`;
  await batch([
    ...guards
      .filter((network) => network !== ula)
      .map((network) => `route delete unreachable ${of(network)}`),
    ...(guards.includes(ula) ? [] : [`route replace unreachable ${of(ula)}`]),
  ]);
}

/** IPv6 was switched off. */
async function clean(addresses: readonly string[]): Promise<void> {
  const lines = [
    ...[1950, 1951, 1960].map((priority) => `rule delete priority ${priority}`),
    ...[MESH_TABLE, ATTACHED_TABLE].map((table) => `route flush table ${table}`),
  ];
  // What is missing already is no failure, and the addresses go last: they are how the next try knows that there is work.
  await command('ip', ['-6', '-force', '-batch', '-'], { input: `${lines.join('\n')}\n` }).catch(() => '');
  await batch(addresses.map((address) => `address delete ${address}/128 dev lo`));
}

async function batch(lines: readonly string[]): Promise<void> {
  if (lines.length > 0) await command('ip', ['-6', '-batch', '-'], { input: `${lines.join('\n')}\n` });
}
