import { readFileSync } from 'node:fs';
import { Lab } from '../src/lab/lab.ts';
import type { MeshStatus } from '../src/observe/mesh-status.ts';
import { EventStream } from '../test/support/event-stream.ts';
import { TestLab } from '../test/support/lab.ts';
import { ApiCaller } from './api-caller.ts';
import { numberOf } from './command.ts';
import { allUp, median, report, sleep, status, until } from './support.ts';
import { percentile } from './table.ts';

/**
 * The API of one controller of two: calls a second and what the slowest of a hundred waits, reading and writing; how soon a lost
 * link is told to whoever listens; and memory over a churn that ends where it began.
 */
const CHANGES = numberOf(
  'control-plane',
  'calls a second, events, and memory over a churn',
  'changes',
  'of the churn: 10,000 take ten minutes',
  10_000,
);
const CALLERS = 4;
const SECONDS = 4;
const READS = ['/config', '/status/system', '/peering', '/routes', '/clientpacks', '/mesh', '/mesh/routes'];

await Lab.up({ size: 2 });
const lab = new TestLab();
const api = new ApiCaller(lab, 1, CALLERS);
try {
  await until('all links up', allUp(lab), 60_000);
  for (const path of READS) await reads(path);
  await writes(200);
  await events(10);
  await churn();
} finally {
  api.close();
  await Lab.down();
}

async function reads(path: string): Promise<void> {
  const times: number[] = [];
  const end = performance.now() + SECONDS * 1000;
  const caller = async () => {
    while (performance.now() < end) times.push(await api.call('GET', path));
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  const slow = percentile(times, 0.99);
  const figures = `${Math.round(times.length / SECONDS)} calls/s, p99 ${slow.toFixed(1)} ms`;
  report(`GET ${path}, ${CALLERS} at once`, figures, 'p99 100 ms', slow < 100);
}

function route(number: number): string {
  return `10.77.${(number >> 8) & 255}.${number & 255}/32`;
}

/** Adds a route and takes it away again, each applied to the machine before the answer; returns both times. */
async function addAndRemove(number: number): Promise<[number, number]> {
  const added = await api.call('POST', '/routes', { cidr: route(number), advertise: true });
  const routes = await lab.api(1).get<Record<string, { cidr: string }>>('/routes');
  const [id] = Object.entries(routes).find(([, { cidr }]) => cidr === route(number))!;
  return [added, await api.call('DELETE', `/routes/${id}`)];
}

async function writes(count: number): Promise<void> {
  const times: number[] = [];
  for (let number = 0; number < count / 2; number++) times.push(...(await addAndRemove(number)));
  const slow = percentile(times, 0.99);
  report(
    'a route added or removed, one after the other',
    `median ${median(times).toFixed(0)} ms, p99 ${slow.toFixed(0)} ms (${times.length})`,
    'p99 500 ms',
    slow < 500,
  );
}

/** From BIRD's own time of the loss to the status that a browser is sent. */
async function events(runs: number): Promise<void> {
  const delays: number[] = [];
  for (let run = 0; run < runs; run++) {
    await until('all links up', allUp(lab), 60_000, 500);
    await sleep(2000);
    const stream = await EventStream.open<MeshStatus>(lab, 1, '/mesh/stream');
    await lab.cut(1, 2);
    let told = 0;
    await until(
      'it is told',
      async () => {
        if (stream.events.some(({ data }) => data.links?.[0]?.state === 'down')) told ||= Date.now();
        return told > 0;
      },
      10_000,
      2,
    );
    stream.close();
    const [link] = (await status(lab, 1)).links;
    delays.push(told - (link!.bfd.since ?? Number.NaN));
    await lab.heal();
  }
  const worst = Math.max(...delays);
  const figures = `median ${median(delays).toFixed(0)} ms, worst ${worst.toFixed(0)} ms (${runs})`;
  report('a lost link, from BFD to the event stream', figures, '1 s', worst < 1000);
}

/** Private memory of controller and applier, in MB. */
function memory(): { controller: number; applier: number } {
  const of = (part: string) => {
    const found = lab.processes(1).find(({ argv }) => argv.at(-1)?.endsWith(`dist/server/${part}.js`));
    const text = readFileSync(`/proc/${found!.pid}/status`, 'utf8');
    return Number(/RssAnon:\s+(\d+)/.exec(text)![1]) / 1024;
  };
  return { controller: of('controller'), applier: of('applier') };
}

/** Routes and MTUs of a peer that come and go: what a long life is made of. Begins to count when caches have filled. */
async function churn(): Promise<void> {
  const begin = performance.now();
  let settled = memory();
  for (let change = 0; change < CHANGES; ) {
    await addAndRemove(change);
    change += 2;
    if (change % 20 === 0) {
      await api.call('PUT', '/peering/peers/2', { overlay_mtu: change % 40 === 0 ? 1400 : 1380 });
      change++;
    }
    if (change === Math.round(CHANGES / 5 / 20) * 20 + 1) settled = memory();
    if (change % 1000 < 2) console.log(`  ${change} changes, ${describe(memory())}`);
  }
  await sleep(10_000);
  const after = memory();
  const minutes = ((performance.now() - begin) / 60_000).toFixed(0);
  const growth = Math.max(after.controller - settled.controller, after.applier - settled.applier);
  report(
    `${CHANGES} changes in ${minutes} min: private memory after a fifth of them, and at the end`,
    `${describe(settled)}; ${describe(after)}`,
    'no growth (5 MB)',
    growth < 5,
  );
}

function describe({ controller, applier }: { controller: number; applier: number }): string {
  return `controller ${controller.toFixed(0)} MB, applier ${applier.toFixed(0)} MB`;
}
