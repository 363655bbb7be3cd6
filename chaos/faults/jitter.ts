import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Lab } from '../../src/lab/lab.ts';
import { type ControllerPlan, lab as names } from '../../src/lab/plan.ts';
import { attempt, run } from '../../src/lab/program.ts';
import type { ControllerId } from '../../src/topology/controller-id.ts';
import { linkPort } from '../../src/topology/link-port.ts';
import { anyPair, type Fault, words } from '../fault.ts';

/**
 * The kernel that the lab was made for has no netem, so packets of one link go through a relay in a namespace of its own. The
 * bridge gives frames between the two controllers the relay's hardware address; the relay's rules hand them to its
 * socket, and give what it sends the addresses of the other controller. Stateless on purpose: neither end sees the relay.
 */
const SPACE = 'mwlab-k150';
const PORT = 'k150';
const MAC = '02:6d:77:00:01:96';
const ADDRESS = '10.195.0.250';
const TABLE = 'mwrelay';
/** The relay's socket for what comes from the first and from the second of the pair. */
const SOCKETS = [9001, 9002] as const;
const JITTER_MS = 200;

const program = fileURLToPath(new URL('../relay.ts', import.meta.url));

function relayRules(
  from: ControllerPlan,
  to: ControllerPlan,
  port: number,
  socket: number,
): { in: string; out: string } {
  return {
    in: `ip saddr ${from.underlay} ip daddr ${to.underlay} udp dport ${port} notrack ip daddr set ${ADDRESS} udp dport set ${socket}`,
    out: `ip daddr ${to.underlay} udp sport ${socket} notrack ip saddr set ${from.underlay} udp sport set ${port}`,
  };
}

const chain = (name: string, lines: readonly string[]) => [
  `  chain ${name} {`,
  `    type filter hook ${name} priority -300; policy accept;`,
  ...lines.map((line) => `    ${line}`),
  '  }',
];

/** The namespace of the relay with its wire and its rules; nothing leads there yet. */
async function build(a: ControllerPlan, b: ControllerPlan, port: number): Promise<void> {
  await run(['ip', 'netns', 'add', SPACE]);
  await run(['ip', '-n', names.internetNamespace, '-batch', '-'], {
    input: [
      `link add ${PORT} type veth peer name eth0 address ${MAC} netns ${SPACE}`,
      `link set ${PORT} master ${names.bridge} up`,
      '',
    ].join('\n'),
  });
  await run(['ip', '-n', SPACE, '-batch', '-'], {
    input: ['link set lo up', `addr add ${ADDRESS}/24 dev eth0`, 'link set eth0 up', ''].join('\n'),
  });
  const ways = [relayRules(a, b, port, SOCKETS[0]), relayRules(b, a, port, SOCKETS[1])];
  await inSpace(SPACE, [
    'table ip relay {',
    ...chain(
      'prerouting',
      ways.map((way) => way.in),
    ),
    ...chain(
      'output',
      ways.map((way) => way.out),
    ),
    '}',
  ]);
}

/** From here on packets take the way over the relay. */
async function divert(a: ControllerPlan, b: ControllerPlan, port: number): Promise<void> {
  const redirect = (from: ControllerPlan, to: ControllerPlan) =>
    `iifname "${from.port}" ip saddr ${from.underlay} ip daddr ${to.underlay} udp dport ${port} ether daddr set ${MAC}`;
  await inSpace(names.internetNamespace, [
    `table bridge ${TABLE} {`,
    ...chain('prerouting', [redirect(a, b), redirect(b, a)]),
    '}',
  ]);
}

const inSpace = (space: string, lines: readonly string[]) =>
  run(['nsenter', `--net=/run/netns/${space}`, 'nft', '-f', '-'], { input: `${lines.join('\n')}\n` });

async function remove(): Promise<void> {
  const nft = ['nsenter', `--net=/run/netns/${names.internetNamespace}`, 'nft'];
  await attempt([...nft, 'delete', 'table', 'bridge', TABLE]);
  await attempt(['ip', '-n', names.internetNamespace, 'link', 'del', PORT]);
  await attempt(['ip', 'netns', 'del', SPACE]);
}

/** Every packet of a link is late by up to 200 ms, each by its own time, so that many overtake each other. */
export const jitter: Fault = {
  name: 'jitter-200',
  minimum: 2,
  pick(random, size) {
    const pair = anyPair(random, size);
    let relay: ChildProcess | null = null;
    return {
      targets: words(pair),
      at: [pair[0]],
      effects: { poor: [pair], recoveryMs: 120_000 },
      holdMs: random.whole(10, 20) * 1000,
      begin: async (lab: Lab) => {
        const [a, b] = pair.map((id) => lab.plan(id)) as [ControllerPlan, ControllerPlan];
        const port = linkPort(a.id as ControllerId, b.id as ControllerId);
        // A packet train would arrive as one datagram; here each has its own delay.
        for (const { namespace } of [a, b])
          await run(['ip', '-n', namespace, 'link', 'set', 'eth0', 'gso_max_segs', '1']);
        const targets = [`${SOCKETS[0]}:${b.underlay}:${port}`, `${SOCKETS[1]}:${a.underlay}:${port}`];
        await build(a, b, port);
        relay = spawn(
          'nsenter',
          [`--net=/run/netns/${SPACE}`, process.execPath, program, String(JITTER_MS), ...targets],
          { stdio: ['ignore', 'pipe', 'inherit'] },
        );
        await new Promise((resolve) => relay!.stdout!.once('data', resolve));
        await divert(a, b, port);
      },
      end: async (lab: Lab) => {
        await remove();
        relay?.kill('SIGKILL');
        relay = null;
        for (const id of pair)
          await attempt(['ip', '-n', lab.plan(id).namespace, 'link', 'set', 'eth0', 'gso_max_segs', '65535']);
      },
    };
  },
};
