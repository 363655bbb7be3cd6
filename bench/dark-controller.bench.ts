import { Lab } from '../src/lab/lab.ts';
import { numberOf } from './command.ts';
import { allUp, calm, median, report, sleep, status, summary, UdpProbe, until } from './support.ts';

/** A controller goes dark: traffic between two others must not notice; traffic through it must move. */
const RUNS = numberOf(
  'dark-controller',
  'a controller goes dark: what others and its own traffic notice',
  'runs',
  'how often',
  10,
);

const lab = await Lab.up({ size: 4, oneCore: true });
try {
  await calm(lab);
  const gaps: number[] = [];
  let lostBetweenOthers = 0;
  const through = await UdpProbe.start(lab, 1, 2, { port: 7000 });
  const to3 = await UdpProbe.start(lab, 1, 3, { port: 7001 });
  const to4 = await UdpProbe.start(lab, 1, 4, { port: 7002 });
  for (let run = 0; run < RUNS; run++) {
    await lab.cut(1, 2);
    await until('traffic 1-2 goes round', async () => (await transit()) !== null);
    await sleep(2000);
    const way = (await transit())!;
    const others = way === 3 ? to4 : to3;
    await Promise.all([through.mark(), others.mark()]);
    await lab.cut(way);
    await sleep(1500);
    gaps.push((await through.figures()).longestGapMs);
    lostBetweenOthers += (await others.figures()).lost;
    await lab.heal();
    await until('all links up', allUp(lab), 60_000);
    await sleep(1000);
  }
  await Promise.all([through, to3, to4].map((probe) => probe.stop()));
  report(
    'a controller goes dark: packets lost between two others',
    String(lostBetweenOthers),
    '0',
    lostBetweenOthers === 0,
  );
  report(
    'a controller goes dark: traffic through it, gap',
    summary(gaps, 'ms'),
    '<= 150 ms',
    Math.max(...gaps) <= 150 && median(gaps) <= 150,
  );
} finally {
  await Lab.down();
}

/** The controller that carries traffic from 1 to 2 now, when it is not direct. */
async function transit(): Promise<number | null> {
  const path = (await status(lab, 1)).members.find((member) => member.id === 2)?.path;
  return path?.kind === 'via' ? path.controllers[0]! : null;
}
