import type { Lab } from '../src/lab/lab.ts';

/** What kernel and engines of a controller hold, as far as it comes from what was asked for. A line is a fact. */
export type MachineState = readonly string[];

interface Interface {
  readonly ifname: string;
  readonly mtu: number;
  readonly flags: readonly string[];
  readonly addr_info: readonly { local: string; prefixlen: number; family: string }[];
}

/** One shell asks everything: ten machines that are asked with a program started for each answer are busy with that alone. */
const QUESTIONS = [
  'ip -j address show',
  'ip rule show',
  'ip route show table 1195',
  'nft list table inet meshwright',
  'cat /run/meshwright-applier/bird/bird.conf',
  'wg show all dump',
];
const BETWEEN = '--- next ---';

/** Throws while the machine cannot be asked. */
export async function machineState(lab: Lab, id: number): Promise<MachineState> {
  const script = `set -e; ${QUESTIONS.join(`; echo '${BETWEEN}'; `)}`;
  const { code, stdout, stderr } = await lab.exec(id, ['sh', '-c', script]);
  if (code !== 0) throw new Error(`what machine ${id} holds: ${stderr.trim()}`);
  const [addresses, ...others] = stdout.split(`${BETWEEN}\n`);
  const interfaces = JSON.parse(addresses!) as Interface[];
  const [rules, routes, nftables, bird, tunnels] = others.map((text) =>
    text
      .trim()
      .split('\n')
      .map((line) => line.trim()),
  ) as [string[], string[], string[], string[], string[]];
  return [
    ...interfaces.filter(({ ifname }) => /^(mw\w+|lo|eth0|site0)$/.test(ifname)).map(describe),
    ...rules.map((line) => `rule ${line}`),
    ...routes.map((line) => `route ${line}`),
    ...nftables.map((line) => `nftables ${line}`),
    ...bird.map((line) => `bird ${withoutTiming(line)}`),
    // Interface, own key, port and mark; the peer's key, address and networks. Counters come after them.
    ...tunnels.map((line) => `tunnel ${line.split('\t').slice(0, 5).join(' ').replace(KEY, digest)}`),
  ].sort();
}

function describe({ ifname, mtu, flags, addr_info }: Interface): string {
  const addresses = addr_info
    .filter(({ family }) => family === 'inet')
    .map(({ local, prefixlen }) => `${local}/${prefixlen}`)
    .sort();
  return `interface ${ifname} ${mtu} ${flags.includes('UP') ? 'up' : 'down'} ${addresses.join(' ')}`;
}

/** What `auto` chose is a memory of how links were, and meant to outlast the fault. */
const withoutTiming = (line: string): string =>
  line.replace(/interval \d+ ms; multiplier \d+/, 'interval * multiplier *');

/** Differences are printed and end in reports: a private key must not. */
const KEY = /[A-Za-z0-9+/]{43}=/g;
const digest = (key: string): string => `${key.slice(0, 4)}*`;

/** What one has and the other has not, as `- lost` and `+ new`. */
export function difference(before: MachineState, after: MachineState): string[] {
  return [
    ...before.filter((line) => !after.includes(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
  ];
}
