import { Lab } from '../src/lab/lab.ts';
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
} from './support.ts';

/**
 * A dark link: 3 controllers under the default profile, a 5 ms UDP probe from site 1 to site 2, the link 1-2 cut
 * both ways or one way. The probe must go on via controller 3 and come back after the heal without a loss.
 */
const RUNS = Number(process.argv[2] ?? 20);

const lab = await Lab.up({ size: 3 });
try {
  await calm(lab);
  for (const oneWay of [false, true]) {
    const gaps: number[] = [];
    let lostAtHeal = 0;
    let detours = 0;
    for (let run = 0; run < RUNS; run++) {
      await until('all links up', allUp(lab));
      // Longer than the five seconds within which a second failure would count as flapping.
      await sleep(4000);
      const during = await UdpProbe.start(lab, 1, 2);
      await lab.cut(1, 2, { oneWay });
      await sleep(1000);
      gaps.push((await during.stop()).longestGapMs);
      // A link that is back within two seconds counts as a false alarm, after which detection is slower for a day.
      await sleep(1500);
      const path = (await status(lab, 1)).members.find((member) => member.id === 2)?.path;
      if (path?.kind === 'via' && path.controllers.join() === '3,2') detours++;
      lostAtHeal += (await healed()).lost;
    }
    const name = `link 1-2 dark, ${oneWay ? 'one way' : 'both ways'}`;
    report(
      `${name}: longest gap`,
      summary(gaps, 'ms'),
      'median <= 60 ms, worst <= 150 ms',
      Math.max(...gaps) <= 150 && median(gaps) <= 60,
    );
    report(`${name}: path via 3`, `${detours} of ${RUNS}`, 'all', detours === RUNS);
    report(`${name}: packets lost by the way back`, String(lostAtHeal), '0', lostAtHeal === 0);
  }
} finally {
  await Lab.down();
}

/** Heals the link under a fresh probe and waits until traffic is direct again. */
async function healed(): Promise<ProbeResult> {
  const probe = await UdpProbe.start(lab, 1, 2);
  await lab.heal();
  const isDirect = async () =>
    (await status(lab, 1)).members.find((member) => member.id === 2)?.path.kind === 'direct';
  const isDirectBack = async () =>
    (await status(lab, 2)).members.find((member) => member.id === 1)?.path.kind === 'direct';
  await until('traffic is direct again', async () => (await isDirect()) && (await isDirectBack()));
  await sleep(500);
  return probe.stop();
}
