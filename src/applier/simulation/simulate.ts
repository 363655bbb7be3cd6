import type { DesiredFirewall } from '../../desired/firewall.ts';
import type { DesiredState } from '../../desired/state.ts';
import type { Ruleset } from '../../firewall/grammar/ruleset.ts';
import { contains, parseCidr, parseIpv4 } from '../../net/ipv4.ts';
import { programFile } from '../../programs.ts';
import { MESH_TABLE } from '../../render/engine-paths.ts';
import { fillText, renderSets, swapText } from '../../render/ipset.ts';
import { type RestoreText, renderChains, restoreText } from '../../render/iptables.ts';
import { renderNftables } from '../../render/nftables.ts';
import { isInUla, type Ula } from '../../topology/overlay-ipv6.ts';
import { command } from '../command.ts';
import { sshPorts } from '../engines/ssh-ports.ts';
import type { Job, Outcome, Packet } from './job.ts';

const NOTHING = { chains: new Map(), jumps: new Map() };
/** Stands for a client's tunnel when nobody holds the address now. */
const SOME_CLIENT = 'mwsim';

/** How this machine looks from outside, once for all packets. */
export interface Surroundings {
  readonly interfaces: readonly string[];
  readonly addresses: readonly string[];
  readonly routes: readonly string[];
}

export interface Trial {
  readonly rules: { readonly v4: RestoreText; readonly v6: RestoreText };
  readonly sets: string;
  readonly outcome: Outcome;
}

/** Sends packets through a firewall that is not in force, in namespaces of their own. Nothing of the machine changes. */
export async function simulate(
  state: DesiredState,
  firewall: DesiredFirewall,
  ruleset: Ruleset,
  around: Surroundings,
  packets: readonly Packet[],
  isEstablished: boolean,
): Promise<Trial> {
  const sets = renderSets(ruleset.sets);
  const rules = {
    v4: restoreText(renderChains(ruleset, 'v4'), NOTHING),
    v6: restoreText(renderChains(ruleset, 'v6'), NOTHING),
  };
  const { sealed, clientsMayManage, ipsec } = firewall;
  const job: Job = {
    ...around,
    base: renderNftables(state, { sealed, clientsMayManage, ipsec: ipsec ?? false, sshPorts: sshPorts() }),
    sets: fillText(sets) + swapText(sets),
    rules: { v4: rules.v4.text, v6: rules.v6.text },
    isEstablished,
    packets,
  };
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', programFile('sandbox')];
  const answer = await command('unshare', ['--user', '--keep-caps', '--net', '--', ...node], {
    input: JSON.stringify(job),
    timeoutMs: 60_000,
  });
  return { rules, sets: job.sets, outcome: JSON.parse(answer) as Outcome };
}

interface KernelLink {
  readonly ifname: string;
  readonly addr_info: readonly { local: string; prefixlen: number; scope: string; family: string }[];
}

export async function surroundings(state: DesiredState): Promise<Surroundings> {
  const links = JSON.parse(await command('ip', ['-j', 'address', 'show'])) as KernelLink[];
  const interfaces = links.map(({ ifname }) => ifname).filter((name) => name !== 'lo');
  const addresses = links.flatMap(({ ifname, addr_info }) =>
    addr_info
      .filter(({ local }) => local !== '127.0.0.1' && local !== '::1' && !local.startsWith('fe80:'))
      .map(
        ({ local, prefixlen, family }) =>
          `address add ${local}/${prefixlen} dev ${ifname}${family === 'inet6' ? ' nodad' : ''}`,
      ),
  );
  const table = (family: string, id: string) =>
    command('ip', [family, 'route', 'show', 'table', id]).then(
      (text) => text.split('\n').filter(Boolean),
      () => [],
    );
  const ula = state.self.ula;
  const [main, mesh, v6, mesh6] = await Promise.all([
    table('-4', 'main'),
    table('-4', String(MESH_TABLE)),
    table('-6', 'main'),
    ula ? table('-6', String(MESH_TABLE)) : [],
  ]);
  const routes = [
    `rule add priority 1960 lookup ${MESH_TABLE}`,
    ...main.map((route) => `-4 route add ${clean(route)}`),
    ...mesh
      .filter((route) => !route.startsWith('unreachable'))
      .map((route) => `-4 route add ${clean(route)} table ${MESH_TABLE}`),
    ...[...v6, ...mesh6.filter((route) => !route.startsWith('unreachable'))]
      .filter((route) => !route.startsWith('fe80'))
      .map((route) => `-6 route add ${clean(route)}`),
    `-4 route add ${state.self.overlaySubnet} dev ${SOME_CLIENT} metric 4096 table ${MESH_TABLE}`,
    ...(ula ? [`-6 route add ${ula} dev ${SOME_CLIENT} metric 4096`] : []),
  ];
  return { interfaces: [...interfaces, SOME_CLIENT].slice(0, 100), addresses, routes };
}

/** What `ip route show` adds for readers and does not take back; wires that are down are up in the sandbox. */
function clean(route: string): string {
  return route.trim().replace(/ (linkdown|dead|pref \S+|expires \S+|error \S+)/g, '');
}

/** By which interface packets of this source come in; null when they are our own. */
export async function entrance(
  state: DesiredState,
  from: string,
  around: Surroundings,
): Promise<string | null> {
  const found = await command('ip', ['-j', 'route', 'get', from]).then(
    (text) => (JSON.parse(text) as { type?: string; dev?: string }[])[0],
    () => undefined,
  );
  if (found?.type === 'local') return null;
  const overlay = parseCidr(state.self.overlaySubnet);
  const address = parseIpv4(from);
  const ula = state.self.ula as Ula | undefined;
  const isOverlay =
    (overlay !== null && address !== null && contains(overlay, address)) ||
    (ula !== undefined && isInUla(ula, from));
  if (found?.dev && around.interfaces.includes(found.dev) && !(isOverlay && !found.dev.startsWith('mw')))
    return found.dev;
  return isOverlay ? SOME_CLIENT : (around.interfaces.find((name) => !name.startsWith('mw')) ?? SOME_CLIENT);
}
