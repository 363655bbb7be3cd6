import { REAL_TIME } from '../src/applier/services/service.ts';
import { ClientHost } from '../src/lab/client-host.ts';
import { Lab } from '../src/lab/lab.ts';
import { clientsOf, packsNameAll } from '../src/lab/packs.ts';
import { startClient } from './client-support.ts';
import { numberOf } from './command.ts';
import { allUp, median, report, sleep, until } from './support.ts';
import { buildChain, type ChainKind, FAR } from './tool-chain.ts';

/**
 * TCP from client to client over two controllers, against the same engines in a row without Meshwright, in turn, so that the
 * machine's mood does not decide. All of it runs on one machine: a figure is what its cores do for every hop together.
 */
const ROUNDS = numberOf(
  'client-throughput',
  'TCP between clients, against the same engines in a row',
  'rounds',
  'how often',
  3,
);
const SECONDS = 4;

type Chain = [ClientHost, ClientHost, ClientHost, ClientHost];

/**
 * OpenVPN also at ordinary priority: the real-time one keeps its clients alive on a busy controller, and takes packets one by one
 * where others wait and take many.
 */
const COMPARED: Record<'ha' | 'openvpn', readonly (ChainKind & { readonly words: string })[]> = {
  ha: [{ ends: 'wireguard', words: 'at the same priority' }],
  openvpn: [
    { ends: 'openvpn', priority: REAL_TIME.openvpn, words: 'at the same priority' },
    { ends: 'openvpn', words: 'OpenVPN at ordinary priority' },
  ],
};

const lab = await Lab.up({ size: 2 });
try {
  await until('packs name every controller', () => packsNameAll(lab));
  await until('all links up', allUp(lab), 60_000);
  for (const kind of ['ha', 'openvpn'] as const) await compare(kind);
} finally {
  await Lab.down();
}

async function compare(kind: 'ha' | 'openvpn'): Promise<void> {
  const [near] = (await clientsOf(lab, 1, 1)) as [string];
  const [far] = (await clientsOf(lab, 2, 1)) as [string];
  const [a, b] = await Promise.all([startClient(lab, 1, near, kind), startClient(lab, 2, far, kind)]);
  await until('they reach each other', async () => {
    const { code } = await a.host.exec(['fping', '-q', '-c1', '-t500', far]);
    return code === 0;
  });
  const chains = [];
  for (const [index, one] of COMPARED[kind].entries())
    chains.push({ ...one, hosts: await chainAt(3 + 4 * index, one) });
  await sleep(5000);
  const ours: number[] = [];
  const theirs = chains.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, { hosts }] of chains.entries())
      theirs[index]!.push(await iperf(hosts[0], hosts[3], FAR));
    ours.push(await iperf(a.host, b.host, far));
  }
  for (const [index, { words }] of chains.entries()) {
    const ratio = median(ours.map((rate, round) => rate / theirs[index]![round]!));
    const rates = `${median(ours).toFixed(3)} / ${median(theirs[index]!).toFixed(3)} Gbit/s`;
    report(
      `${kind}: client to client over two controllers / the same engines in a row, ${words}`,
      `${rates}, median ratio ${ratio.toFixed(2)} (${ROUNDS} pairs)`,
      '0.9',
      ratio >= 0.9,
    );
  }
  for (const host of [a.host, b.host, ...chains.flatMap(({ hosts }) => hosts)]) await host.remove();
}

async function chainAt(first: number, kind: ChainKind): Promise<Chain> {
  const boot = (index: number) => ClientHost.boot(first + index);
  const chain: Chain = await Promise.all([boot(0), boot(1), boot(2), boot(3)]);
  await buildChain(chain, kind);
  return chain;
}

async function iperf(from: ClientHost, to: ClientHost, address: string): Promise<number> {
  const server = to.exec(['iperf3', '-s', '-1'], { timeoutMs: 20_000 });
  await sleep(400);
  const { stdout } = await from.exec(['iperf3', '-c', address, '-t', String(SECONDS), '-J'], {
    timeoutMs: 20_000,
  });
  await server;
  const { end } = JSON.parse(stdout) as { end: { sum_received: { bits_per_second: number } } };
  return end.sum_received.bits_per_second / 1e9;
}
