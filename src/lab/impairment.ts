import { writeFileSync } from 'node:fs';
import { controllerPlan, lab } from './plan.ts';
import { run } from './program.ts';
import type { StandingShell } from './standing-shell.ts';

/**
 * What the lab's internet does to packets on the way from one controller to another. A rule has one direction.
 */
export interface Impairment {
  readonly kind: 'cut' | 'loss' | 'mtu';
  /** A controller's id, or `CLIENT_HOSTS`. */
  readonly from: number;
  readonly to: number;
  /** Loss in percent, or the largest packet in bytes; unused by a cut. */
  readonly value: number;
}

/** Stands for every client host of the lab, as one end of a path. */
export const CLIENT_HOSTS = 0;

const samePath = (a: Impairment, b: Impairment): boolean => a.from === b.from && a.to === b.to;

/** Adds or replaces: one path has at most one impairment of a kind. */
export function withImpairment(all: readonly Impairment[], added: Impairment): Impairment[] {
  return [...all.filter((one) => !(samePath(one, added) && one.kind === added.kind)), added];
}

/** Removes what lies on the path between two controllers in both directions, on all paths of one, or everything. */
export function withoutImpairments(all: readonly Impairment[], a?: number, b?: number): Impairment[] {
  return all.filter((one) => {
    if (a === undefined) return false;
    if (b === undefined) return one.from !== a && one.to !== a;
    return !((one.from === a && one.to === b) || (one.from === b && one.to === a));
  });
}

/** The directions that an operation on a pair, or on one controller against all others, concerns. */
export function directions(a: number, b: number | undefined, others: readonly number[], oneWay: boolean) {
  const pairs =
    b === undefined ? others.filter((id) => id !== a).map((id) => [a, id] as const) : [[a, b] as const];
  return pairs.flatMap(([from, to]) =>
    oneWay
      ? [{ from, to }]
      : [
          { from, to },
          { from: to, to: from },
        ],
  );
}

function rule(impairment: Impairment): string {
  const port = (end: number) => (end === CLIENT_HOSTS ? 'k*' : controllerPlan(end).port);
  const path = `iifname "${port(impairment.from)}" oifname "${port(impairment.to)}"`;
  switch (impairment.kind) {
    case 'cut':
      return `${path} counter drop`;
    case 'loss':
      return `${path} numgen random mod 10000 < ${Math.round(impairment.value * 100)} counter drop`;
    case 'mtu':
      return `${path} meta length > ${impairment.value} counter drop`;
  }
}

/**
 * One transaction that replaces the whole table. ARP always passes: a real underlay is routed, and a lost
 * neighbour would turn silence into an error that the sender sees. There is no connection tracking in a bridge
 * table, so that a rule also holds for flows that exist.
 */
export function renderImpairments(all: readonly Impairment[]): string {
  const lines = all.map((one) => `    ${rule(one)}`);
  return [
    'table bridge mwlab',
    'delete table bridge mwlab',
    'table bridge mwlab {',
    '  chain internet {',
    '    type filter hook forward priority 0; policy accept;',
    '    ether type arp accept',
    ...lines,
    '  }',
    '}',
    '',
  ].join('\n');
}

/** Controllers whose packets must leave one by one, because a rule counts packets or looks at their length. */
export function packetwise(all: readonly Impairment[]): Set<number> {
  const senders = all.filter((one) => one.kind !== 'cut' && one.from !== CLIENT_HOSTS);
  return new Set(senders.map((one) => one.from));
}

export async function applyImpairments(
  all: readonly Impairment[],
  namespace: string = lab.internetNamespace,
): Promise<void> {
  await run(['nsenter', `--net=/run/netns/${namespace}`, 'nft', '-f', '-'], {
    input: renderImpairments(all),
  });
}

/** The same with as little stir as possible: what comes of it is measured. */
export async function applyQuietly(all: readonly Impairment[], shell: StandingShell): Promise<void> {
  writeFileSync(lab.impairmentsFile, renderImpairments(all), { mode: 0o600 });
  await shell.run(['nft', '-f', lab.impairmentsFile]);
}
