import { Lab } from '../src/lab/lab.ts';
import { numberOf } from './command.ts';
import { allUp, inSite, median, report, sleep, until } from './support.ts';

/**
 * TCP from site host to site host through two controllers, against the same two controllers' bare tunnel between
 * their overlay addresses, in turn, so that the machine's mood does not decide.
 */
const ROUNDS = numberOf(
  'throughput',
  'TCP from site to site, against the bare tunnel',
  'rounds',
  'how often',
  5,
);
const SECONDS = 5;

const lab = await Lab.up({ size: 2 });
try {
  await until('all links up', allUp(lab));
  await sleep(3000);
  const bare: number[] = [];
  const routed: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    bare.push(await tunnel());
    routed.push(await sites());
  }
  const ratios = routed.map((value, index) => value / bare[index]!);
  console.log(
    `  bare tunnel ${median(bare).toFixed(2)} Gbit/s, site to site ${median(routed).toFixed(2)} Gbit/s`,
  );
  report(
    'throughput site to site / bare tunnel',
    `median ratio ${median(ratios).toFixed(3)} (${ROUNDS} pairs)`,
    '>= 0.95',
    median(ratios) >= 0.95,
  );
} finally {
  await Lab.down();
}

async function sites(): Promise<number> {
  const server = inSite(lab, 2, ['chrt', '--other', '0', 'iperf3', '-s', '-1'], 'ignore');
  await sleep(300);
  const client = inSite(
    lab,
    1,
    ['chrt', '--other', '0', 'iperf3', '-c', lab.plan(2).siteHost, '-t', String(SECONDS), '-J'],
    'pipe',
  );
  let text = '';
  client.stdout!.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  await new Promise((resolve) => client.once('close', resolve));
  server.kill();
  return gigabits(text);
}

/** Between the link addresses of the two controllers themselves: nothing but the tunnel. */
async function tunnel(): Promise<number> {
  const served = lab.exec(2, ['iperf3', '-s', '-1']);
  await sleep(300);
  const { stdout } = await lab.exec(1, ['iperf3', '-c', '169.254.195.5', '-t', String(SECONDS), '-J'], {
    timeoutMs: 60_000,
  });
  await served;
  return gigabits(stdout);
}

function gigabits(text: string): number {
  return (
    (JSON.parse(text) as { end: { sum_received: { bits_per_second: number } } }).end.sum_received
      .bits_per_second / 1e9
  );
}
