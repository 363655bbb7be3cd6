import { readFileSync } from 'node:fs';
import { attempt, sleep } from '../../src/lab/program.ts';
import { percentile } from '../table.ts';
import { roundTrips } from './fping.ts';
import type { Ground } from './ground.ts';
import { iperf, tcpRate, udpRate } from './iperf.ts';

/** What one look at a ground under load measures: Gbit/s, packets a second, milliseconds, CPU seconds. */
export interface Figures {
  readonly up1: number;
  readonly up8: number;
  readonly down1: number;
  readonly down8: number;
  readonly both1: number;
  readonly both8: number;
  readonly udp: number;
  readonly idleP50: number;
  readonly idleP99: number;
  readonly loadedP50: number;
  readonly loadedP99: number;
  readonly cpuPerGb: number;
}

const SECONDS = 3;
const PAYLOAD_BYTES = 64;
/** Packets a second to begin with; doubled until one in a hundred is lost, then halved steps between the last two. */
const FIRST_RATE = 5000;
const HALVINGS = 3;
const MAX_LOSS = 0.01;

export async function underLoad(ground: Ground): Promise<Figures> {
  const tcp = async (...argv: string[]) => {
    await sleep(300);
    return tcpRate(await iperf(ground, ['-t', String(SECONDS), ...argv]));
  };
  const idle = await pings(ground, SECONDS);
  const before = busySeconds();
  const up1 = await tcp();
  const cpu = busySeconds() - before;
  const [up8, down1, down8] = [await tcp('-P', '8'), await tcp('-R'), await tcp('-R', '-P', '8')];
  const [both1, both8] = [await tcp('--bidir'), await tcp('--bidir', '-P', '8')];
  const load = iperf(ground, ['-t', String(SECONDS + 2)]);
  await sleep(1000);
  const loaded = await pings(ground, SECONDS);
  await load;
  return {
    ...{ up1, up8, down1, down8, both1, both8 },
    udp: await packets(ground),
    ...{ idleP50: percentile(idle, 0.5), idleP99: percentile(idle, 0.99) },
    ...{ loadedP50: percentile(loaded, 0.5), loadedP99: percentile(loaded, 0.99) },
    cpuPerGb: cpu / ((up1 * SECONDS) / 8),
  };
}

/** The highest rate of small packets of which less than one in a hundred is lost, as it arrived. */
async function packets(ground: Ground): Promise<number> {
  let best = 0;
  const isCarried = async (rate: number) => {
    const bits = String(rate * PAYLOAD_BYTES * 8);
    const argv = ['-u', '-l', String(PAYLOAD_BYTES), '-b', bits, '-t', '2'];
    // A receiver that waits for its turn behind an engine loses what the network has delivered.
    const { perSecond, lost } = udpRate(await iperf(ground, argv, { first: true }));
    if (lost >= MAX_LOSS) return false;
    // A sender that cannot send that much has shown all that it can.
    const isNews = perSecond > best;
    best = Math.max(best, perSecond);
    return isNews && perSecond > 0.9 * rate;
  };
  let low = 0;
  let high = FIRST_RATE;
  while (await isCarried(high)) [low, high] = [high, high * 2];
  for (let step = 0; step < HALVINGS; step++) {
    const middle = Math.round((low + high) / 2);
    if (await isCarried(middle)) low = middle;
    else high = middle;
  }
  return best;
}

async function pings(ground: Ground, seconds: number): Promise<number[]> {
  const enter = ['nsenter', `--net=/run/netns/${ground.plan(1).siteNamespace}`];
  const argv = [
    'fping',
    '-q',
    '-C',
    String(seconds * 100),
    '-p',
    '10',
    '-t',
    '1000',
    ground.plan(2).siteHost,
  ];
  return roundTrips((await attempt([...enter, ...argv])).stderr);
}

/** CPU seconds that the machine spent on anything since it was started. */
function busySeconds(): number {
  const words = readFileSync('/proc/stat', 'utf8').split('\n')[0]!.trim().split(/\s+/).slice(1).map(Number);
  const [user, nice, system, , , irq, softirq] = words as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return (user + nice + system + irq + softirq) / 100;
}
