import { Argument } from 'commander';
import { Lab } from '../src/lab/lab.ts';
import { argumentsOf, benchCommand, whole } from './command.ts';
import {
  allUp,
  calm,
  median,
  type ProbeResult,
  report,
  sleep,
  status,
  summary,
  UdpProbe,
  until,
  untilDirect,
} from './support.ts';

/**
 * A dark link: 3 controllers under the default profile, a 5 ms UDP probe from site 1 to site 2, the link 1-2 cut
 * both ways or one way. The probe must go on via controller 3 and come back after the heal without a loss.
 * Each controller has one core, so that three of them on a small machine leave it idle time, as three machines would.
 */
const [RUNS, only] = argumentsOf<[number, string | undefined]>(
  benchCommand('cut', 'the longest gap when a link goes dark, and what is lost when it is back')
    .argument('[runs]', 'how often', whole, 20)
    .addArgument(new Argument('[way]', 'one of the two').choices(['both-ways', 'one-way'])),
);
const PROBE_MS = 5;
const WAYS = ['both-ways', 'one-way'].filter((way) => way === (only ?? way));

const lab = await Lab.up({ size: 3, oneCore: true });
try {
  await calm(lab);
  const probe = await UdpProbe.start(lab, 1, 2, { intervalMs: PROBE_MS });
  for (const way of WAYS) {
    const oneWay = way === 'one-way';
    const gaps: number[] = [];
    let lostAtHeal = 0;
    let detours = 0;
    for (let run = 0; run < RUNS; run++) {
      await until('all links up', allUp(lab), 60_000, 1000);
      // Longer than the five seconds within which a second failure would count as flapping.
      await sleep(5500);
      await untilDirect(lab, 1, 2);
      await probe.mark();
      await lab.cut(1, 2, { oneWay });
      await sleep(1000);
      gaps.push((await probe.figures()).longestGapMs);
      // A link that is back within two seconds counts as a false alarm, after which detection is slower for a day.
      await sleep(1500);
      const path = (await status(lab, 1)).members.find((member) => member.id === 2)?.path;
      if (path?.kind === 'via' && path.controllers.join() === '3,2') detours++;
      const { lost, missing } = await healed(probe);
      lostAtHeal += lost;
      const at = missing.map((index) => index * PROBE_MS).join(', ');
      if (lost > 0) console.log(`  run ${run + 1}: lost ${at} ms after the heal began`);
    }
    const name = `link 1-2 dark, ${oneWay ? 'one way' : 'both ways'}`;
    report(
      `${name}: longest gap`,
      summary(gaps, 'ms'),
      'median <= 60 ms, worst <= 150 ms',
      Math.max(...gaps) <= 150 && median(gaps) <= 60,
    );
    report(`${name}: path via 3`, `${detours} of ${RUNS}`, 'all', detours === RUNS);
    console.log(`  each run: ${gaps.join(', ')} ms`);
    report(`${name}: packets lost by the way back`, String(lostAtHeal), '0', lostAtHeal === 0);
  }
  await probe.stop();
} finally {
  await Lab.down();
}

/** Heals the link and waits until traffic is direct again. */
async function healed(probe: UdpProbe): Promise<ProbeResult> {
  await probe.mark();
  await lab.heal();
  await untilDirect(lab, 1, 2);
  await sleep(500);
  return probe.figures();
}
