import { sleep } from '../../src/lab/program.ts';
import type { Failure } from './failures.ts';
import type { Ground } from './ground.ts';
import type { Traffic } from './traffic.ts';

/** One failure, and what the traffic from host 1 to host 2 saw of it. */
export interface Run {
  /** Longest time without a packet; null when none came until the end of patience. */
  readonly gapMs: number | null;
  readonly lost: number;
  readonly lostShare: number;
  /** From the healing to the direct way; null when that took too long, or there was nothing to heal. */
  readonly backMs: number | null;
  /** Lost on the way back. */
  readonly lostBack: number | null;
}

export interface Patience {
  /** So long without traffic is enough. */
  readonly maxSeconds: number;
  /** So long it may take until traffic is direct again. */
  readonly backSeconds: number;
}

/** Longer than the five seconds within which a second failure would count as flapping with us. */
const SETTLE_MS = 7000;
/** A link that is back sooner counts as a false alarm with us, and nobody else is served by less either. */
const LEAST_MS = 2500;

export async function measure(
  ground: Ground,
  traffic: Traffic,
  failure: Failure,
  { maxSeconds, backSeconds }: Patience,
): Promise<Run | null> {
  if ((await traffic.untilDirect(backSeconds * 1000)) === null) throw new Error('traffic is not direct');
  await sleep(SETTLE_MS);
  if (failure.prepare && !(await failure.prepare(ground, traffic))) {
    await ground.heal();
    await ground.sendHome?.();
    return null;
  }
  await traffic.probe.lap();
  const struckAt = performance.now();
  await failure.strike(ground, traffic);
  const after = async () => {
    await sleep((failure.watchSeconds ?? 0) * 1000 || LEAST_MS);
    if (failure.name === 'loss') return true;
    return (await traffic.untilFlowing(maxSeconds * 1000 - (performance.now() - struckAt))) !== null;
  };
  const isBack = await after();
  const seconds = (performance.now() - struckAt) / 1000;
  const during = await traffic.probe.lap();
  const sent = seconds * traffic.perSecond;
  // Without a packet since, the probe cannot tell: all that were sent are lost.
  const lost = isBack ? during.lost : Math.max(during.lost, Math.round(sent - during.received));
  const struck = { gapMs: isBack ? during.longestGapMs : null, lost, lostShare: lost / sent };
  if (failure.isFinal) return { ...struck, backMs: null, lostBack: null };
  await ground.heal();
  if (ground.sendHome && (await traffic.via()) !== null) {
    await ground.sendHome();
    return { ...struck, backMs: null, lostBack: null };
  }
  const backMs = await traffic.untilDirect(backSeconds * 1000);
  const back = await traffic.probe.lap();
  return { ...struck, backMs, lostBack: isBack ? back.lost : null };
}
