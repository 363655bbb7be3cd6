import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { run } from '../../src/lab/program.ts';
import type { Ground } from './ground.ts';

interface Sum {
  readonly bits_per_second: number;
}

interface Report {
  readonly error?: string;
  readonly end: {
    readonly sum_received?: Sum;
    readonly sum_received_bidir_reverse?: Sum;
    readonly sum?: { readonly seconds: number; readonly packets: number; readonly lost_packets: number };
  };
}

/** Gbit/s that arrived, both directions together. */
export function tcpRate(json: string): number {
  const { end } = parse(json);
  const bits = (sum: Sum | undefined) => sum?.bits_per_second ?? 0;
  return (bits(end.sum_received) + bits(end.sum_received_bidir_reverse)) / 1e9;
}

/** Packets a second that arrived, and the share that did not. */
export function udpRate(json: string): { perSecond: number; lost: number } {
  const { sum } = parse(json).end;
  if (!sum || sum.packets === 0) return { perSecond: 0, lost: 1 };
  return { perSecond: (sum.packets - sum.lost_packets) / sum.seconds, lost: sum.lost_packets / sum.packets };
}

function parse(json: string): Report {
  const report = JSON.parse(json) as Report;
  if (report.error) throw new Error(`iperf3: ${report.error}`);
  return report;
}

/** Above every engine of the table. */
const PRIORITY = '11';

/**
 * One test from host 1 to host 2 and the JSON that the client prints. `first`: the hosts are served before the engines, as
 * if they had cores of their own.
 */
export async function iperf(
  ground: Ground,
  argv: readonly string[],
  { first = false } = {},
): Promise<string> {
  const enter = (id: number) => [
    ...(first ? ['chrt', '--rr', PRIORITY] : []),
    ...['nsenter', `--net=/run/netns/${ground.plan(id).siteNamespace}`, 'iperf3'],
  ];
  const [program, ...words] = [...enter(2), '-s', '-1', '--forceflush'];
  const server = spawn(program!, words, { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = once(server, 'exit');
  await once(server.stdout, 'data');
  server.stdout.resume();
  try {
    return await run([...enter(1), '-c', ground.plan(2).siteHost, '-J', ...argv], { timeoutMs: 40_000 });
  } finally {
    server.kill();
    await ended;
  }
}
