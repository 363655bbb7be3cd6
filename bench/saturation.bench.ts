import { spawn } from 'node:child_process';
import { Lab } from '../src/lab/lab.ts';
import { numberOf } from './command.ts';
import { allUp, downEvents, inSite, report, sleep, status, until } from './support.ts';

/** Starvation: iperf3 as fast as it goes over a link, and four busy loops beside it. No session may flap. */
const SECONDS = numberOf(
  'saturation',
  'flaps while link and cores are saturated',
  'seconds',
  'how long',
  120,
);

const lab = await Lab.up({ size: 3 });
const busy = Array.from({ length: 4 }, () =>
  spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
);
for (const loop of busy) loop.unref();
try {
  for (const loop of busy) loop.kill('SIGSTOP');
  await until('all links up', allUp(lab));
  await sleep(5000);
  for (const loop of busy) loop.kill('SIGCONT');
  const since = Date.now();
  const server = inSite(lab, 2, ['chrt', '--other', '0', 'iperf3', '-s', '-1'], 'ignore');
  await sleep(500);
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
  const flaps = await downEvents(lab, since);
  const bits = (JSON.parse(text) as { end: { sum_received: { bits_per_second: number } } }).end.sum_received
    .bits_per_second;
  report(
    `iperf3 and 4 busy loops for ${SECONDS} s: flaps`,
    `${flaps.length} (${(bits / 1e9).toFixed(2)} Gbit/s)`,
    '0',
    flaps.length === 0,
  );
  for (const flap of flaps) console.log(`  ${flap}`);
  const timeouts = (await status(lab, 1)).links.map((link) => `${link.bfd.timeout_ms} ms`);
  console.log(`  detection time at the end: ${timeouts.join(', ')}`);
} finally {
  for (const loop of busy) loop.kill('SIGKILL');
  await Lab.down();
}
