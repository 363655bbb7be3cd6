import { Lab } from '../src/lab/lab.ts';
import { numberOf } from './command.ts';
import { allUp, downEvents, median, report, sleep, status, summary, UdpProbe, until } from './support.ts';

/**
 * Processes die. Controller and applier on all machines at once: nobody may notice. BIRD and one link's WireGuard
 * process: traffic that can go round goes round (third controller on), traffic that needs them waits for their
 * restart (third controller off).
 */
const RUNS = numberOf(
  'process-death',
  'processes are killed: packets lost, and how long traffic stops',
  'runs',
  'how often',
  10,
);

const lab = await Lab.up({ size: 3 });
try {
  await bothProcesses();
  await engine('BIRD', 'bird', 1000);
  await engine("a link's WireGuard process", { link: 2 }, 1500);
} finally {
  await Lab.down();
}

async function bothProcesses(): Promise<void> {
  await until('all links up', allUp(lab));
  await sleep(3000);
  const since = Date.now();
  const before = await engines();
  const probe = await UdpProbe.start(lab, 1, 2);
  for (let run = 0; run < 3; run++) {
    for (const part of ['controller', 'applier'] as const) for (const { id } of lab.plans) lab.kill(id, part);
    await until('all links up again in the status', allUp(lab), 60_000);
  }
  const { lost, longestGapMs } = await probe.stop();
  const flaps = await downEvents(lab, since);
  report(
    'kill -9 of controller and applier everywhere, 3 times: packets lost',
    `${lost} (longest gap ${longestGapMs} ms)`,
    '0',
    lost === 0,
  );
  report('the same: link flaps', String(flaps.length), '0', flaps.length === 0);
  report(
    'the same: engines untouched',
    String(before === (await engines())),
    'true',
    before === (await engines()),
  );
}

async function engine(name: string, part: 'bird' | { link: number }, needed: number): Promise<void> {
  for (const canGoRound of [true, false]) {
    if (!canGoRound) await lab.powerOff(3);
    const gaps: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      await until('all links up', allUpOf(canGoRound ? 2 : 1));
      await sleep(1500);
      const probe = await UdpProbe.start(lab, 1, 2);
      lab.kill(1, part);
      await sleep(4000);
      gaps.push((await probe.stop()).longestGapMs);
    }
    if (!canGoRound) await lab.powerOn(3);
    // Without BIRD a controller knows no way round: only others' traffic goes round it.
    const budget = canGoRound && part !== 'bird' ? 150 : needed;
    const figure = `kill -9 of ${name}, ${canGoRound ? 'a way round exists' : 'no way round'}: gap`;
    report(
      figure,
      summary(gaps, 'ms'),
      `<= ${budget} ms`,
      Math.max(...gaps) <= budget && median(gaps) <= budget,
    );
  }
}

function allUpOf(links: number): () => Promise<boolean> {
  return async () => {
    const pictures = await Promise.all([1, 2].map((id) => status(lab, id)));
    return pictures.every((picture) => picture.links.filter((link) => link.state !== 'down').length >= links);
  };
}

/** Process ids of all engines of all controllers. */
async function engines(): Promise<string> {
  return lab.plans
    .flatMap(({ id }) =>
      lab.processes(id).filter((one) => one.name === 'bird' || one.name === 'wireguard-go'),
    )
    .map((one) => one.pid)
    .sort()
    .join();
}
