import { ClientHost } from '../src/lab/client-host.ts';
import { Lab } from '../src/lab/lab.ts';
import { clientsOf, packsNameAll } from '../src/lab/packs.ts';
import { startClient } from './client-support.ts';
import { allUp, median, report, sleep, until } from './support.ts';
import { buildChain, FAR } from './tool-chain.ts';

/**
 * TCP from client to client over two controllers, against the same engines in a row without Meshwright, in turn, so that the
 * machine's mood does not decide. All of it runs on one machine: a figure is what its cores do for every hop together.
 */
const ROUNDS = Number(process.argv[2] ?? 3);
const SECONDS = 4;

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
  const boot = (index: number) => ClientHost.boot(index);
  const chain = await Promise.all([boot(3), boot(4), boot(5), boot(6)]);
  await buildChain(chain, kind === 'ha' ? 'wireguard' : 'openvpn');
  await sleep(5000);
  const ours: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    bare.push(await iperf(chain[0], chain[3], FAR));
    ours.push(await iperf(a.host, b.host, far));
  }
  const ratio = median(ours.map((rate, index) => rate / bare[index]!));
  const rates = `${median(ours).toFixed(2)} / ${median(bare).toFixed(2)} Gbit/s`;
  report(
    `${kind}: client to client over two controllers / the same engines in a row`,
    `${rates}, median ratio ${ratio.toFixed(2)} (${ROUNDS} pairs)`,
    '0.9',
    ratio >= 0.9,
  );
  for (const host of [a.host, b.host, ...chain]) await host.remove();
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
