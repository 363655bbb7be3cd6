import { Lab } from '../../src/lab/lab.ts';
import type { MeshStatus } from '../../src/observe/mesh-status.ts';
import { availableMegabytes, idleCost, privateMegabytes } from '../lab-cost.ts';
import { RouteWatch } from '../route-watch.ts';
import { allUp, sleep, status, UdpProbe, until, untilDirect } from '../support.ts';

/** How fast a failure was over, and the detection time that was in force for it. */
export interface Convergence {
  readonly ms: number;
  readonly detectionMs: number;
}

export interface ControllersRow {
  /** Number of controllers. */
  readonly n: number;
  readonly day: string;
  readonly setUpSeconds: number;
  readonly controllerMegabytes: number;
  readonly applierMegabytes: number;
  readonly totalMegabytes: number;
  readonly ownPercent: number;
  readonly machinePercent: number;
  /** Longest gap of traffic whose direct link is cut. */
  readonly cuts: readonly Convergence[];
  /** From the order to cut a controller off until no other one's kernel has a route to it. */
  readonly losses: readonly Convergence[];
  /** Why not all runs could be made. */
  readonly trouble: string | null;
}

const PROBE_MS = 5;
/** Longer than the five seconds within which a second failure would count as flapping. */
const APART_MS = 5500;
/** A link that is back within two seconds counts as a false alarm, after which detection is slower for a day. */
const DARK_MS = 2500;
const IDLE_S = 40;

/** A mesh of so many controllers: its set-up, what it costs while nothing happens, and how fast it goes round failures. */
export async function measureControllers(n: number, runs: number, day: string): Promise<ControllersRow> {
  const before = availableMegabytes();
  const from = performance.now();
  // As on machines of their own, which is what a lab of many does anyway.
  const lab = await Lab.up({ size: n, oneCore: true });
  try {
    await until('all links up', allUp(lab), 180_000, 500);
    await lab.waitForMesh(60_000);
    const setUpSeconds = (performance.now() - from) / 1000;
    await sleep(20_000);
    const totalMegabytes = before - availableMegabytes();
    const cost = await idleCost(lab, IDLE_S);
    const controllerMegabytes = privateMegabytes(lab, 'controller');
    const applierMegabytes = privateMegabytes(lab, 'applier');
    const figures = { setUpSeconds, totalMegabytes, controllerMegabytes, applierMegabytes, ...cost };
    const cuts: Convergence[] = [];
    const losses: Convergence[] = [];
    // What was measured until then is worth keeping, and that a mesh is too much for a machine is a result.
    const trouble = await failures(lab, runs, cuts, losses).then(
      () => null,
      (error: Error) => error.message,
    );
    return { n, day, ...figures, cuts, losses, trouble };
  } finally {
    await Lab.down();
  }
}

async function failures(lab: Lab, runs: number, cuts: Convergence[], losses: Convergence[]): Promise<void> {
  if (lab.state.size >= 3) await cutLinks(lab, runs, cuts);
  await loseControllers(lab, runs, losses);
}

async function cutLinks(lab: Lab, runs: number, cuts: Convergence[]): Promise<void> {
  const probe = await UdpProbe.start(lab, 1, 2, { intervalMs: PROBE_MS });
  try {
    for (let run = 0; run < runs; run++) {
      await settled(lab);
      const detectionMs = await detection(lab, [1, 2]);
      await probe.mark();
      await lab.cut(1, 2);
      await sleep(DARK_MS);
      cuts.push({ ms: (await probe.figures()).longestGapMs, detectionMs });
      await lab.heal();
      await untilDirect(lab, 1, 2);
    }
  } finally {
    await probe.stop();
  }
}

/** The controller with the highest id goes dark; what others have to notice is the same whichever it is. */
async function loseControllers(lab: Lab, runs: number, losses: Convergence[]): Promise<void> {
  const lost = lab.state.size;
  const others = lab.plans.map(({ id }) => id).filter((id) => id !== lost);
  await settled(lab);
  const address = (await status(lab, 1)).members.find(({ id }) => id === lost)!.overlay_ipaddress;
  const watch = new RouteWatch(lab);
  const lastOf = (id: number) => watch.of(address).findLast(isOfMesh(id));
  try {
    for (let run = 0; run < runs; run++) {
      if (run > 0) await settled(lab);
      const detectionMs = await detection(lab, [lost]);
      watch.clear();
      const from = Date.now();
      await lab.cut(lost);
      await until(
        'nobody has a route to it',
        async () => others.every((id) => lastOf(id)?.isDeleted),
        30_000,
        20,
      );
      // A route that came back meanwhile, over somebody who had not noticed yet, would be seen now.
      await sleep(DARK_MS);
      losses.push({ ms: Math.max(...others.map((id) => lastOf(id)!.at)) - from, detectionMs });
      await lab.heal();
    }
  } finally {
    watch.stop();
  }
}

const isOfMesh = (id: number) => (change: { controller: number; table: string }) =>
  change.controller === id && change.table === '1195';

/** Asks once a second: a bench that asks more often makes the machine so busy that detection is rightly made slower. */
async function settled(lab: Lab): Promise<void> {
  await until('all links up', allUp(lab), 90_000, 1000);
  await sleep(APART_MS);
}

/** The slowest detection of a failure of the link between two controllers, or of all links of one, as all ends have it. */
async function detection(lab: Lab, ends: readonly number[]): Promise<number> {
  let pictures: ({ id: number } & MeshStatus)[] = [];
  const all = lab.plans.map(({ id }) => id);
  const ask = async () => {
    pictures = await Promise.all(all.map(async (id) => ({ id, ...(await status(lab, id)) })));
    return true;
  };
  await until('all controllers answer', ask, 60_000, 1000);
  const times = pictures.flatMap(({ id, links }) =>
    links
      .filter(({ peer }) => ends.every((end) => end === id || end === peer))
      .map(({ bfd }) => bfd.timeout_ms ?? Number.NaN),
  );
  return Math.max(...times);
}
