import { Lab } from '../../src/lab/lab.ts';
import { ApiCaller } from '../api-caller.ts';
import { idleCost, privateMegabytes } from '../lab-cost.ts';
import { allUp, downEvents, median, sleep, until } from '../support.ts';

export interface RoutesRow {
  /** Networks that controllers 1 and 2 announce, their sites' among them. */
  readonly n: number;
  readonly day: string;
  /** From none to all of them, through the API. */
  readonly enterSeconds: number;
  readonly kernelSeconds: number;
  readonly listedSeconds: number;
  readonly listMs: number;
  readonly controllerMegabytes: number;
  readonly applierMegabytes: number;
  readonly birdMegabytes: number;
  readonly ownPercent: number;
  /** Links that went down from the first route on. */
  readonly flaps: number;
}

/** What the API takes of one controller; what is more is entered at controller 2. */
export const MOST_OF_ONE = 5000;
/** Changes that come during an application share the next one. */
const CALLERS = 100;
const IDLE_S = 20;

/** One lab of three to which routes are added, from one size to the next; `note` gets each row as soon as it is there. */
export async function measureRoutes(
  sizes: readonly number[],
  day: string,
  note: (row: RoutesRow) => Promise<void>,
): Promise<void> {
  const lab = await Lab.up({ size: 3 });
  const entered = new Map([1, 2, 3].map((id) => [id, 0]));
  try {
    await until('all links up', allUp(lab), 60_000);
    const since = Date.now();
    let enterSeconds = 0;
    for (const n of [...sizes].sort((a, b) => a - b)) {
      const from = performance.now();
      await enter(lab, 1, Math.min(n, MOST_OF_ONE) - 1, entered);
      await enter(lab, 2, n - MOST_OF_ONE - 1, entered);
      enterSeconds += (performance.now() - from) / 1000;
      const there = await spread(lab, entered);
      const listMs = await listCost(lab);
      await sleep(15_000);
      await note({
        ...{ n, day, enterSeconds, ...there, listMs },
        controllerMegabytes: privateMegabytes(lab, 'controller'),
        applierMegabytes: privateMegabytes(lab, 'applier'),
        birdMegabytes: privateMegabytes(lab, 'bird'),
        ownPercent: (await idleCost(lab, IDLE_S)).ownPercent,
        flaps: (await downEvents(lab, since)).length,
      });
    }
  } finally {
    await Lab.down();
  }
}

/** Adds routes at one controller until it has so many. */
async function enter(lab: Lab, id: number, wanted: number, entered: Map<number, number>): Promise<void> {
  const api = new ApiCaller(lab, id, CALLERS);
  let next = entered.get(id)!;
  const caller = async () => {
    while (next < wanted) await api.call('POST', '/routes', { cidr: network(id, next++), advertise: true });
  };
  try {
    await Promise.all(Array.from({ length: CALLERS }, caller));
  } finally {
    api.close();
  }
  entered.set(id, next);
}

const network = (id: number, number: number) => `10.${id * 20 + (number >> 8)}.${number & 255}.0/24`;
const isEntered = (cidr: string) => /^10\.[2-5]\d\.\d+\.0\/24$/.test(cidr);

/** Waits for the kernels of all controllers, then for the lists of all; both in seconds from now. */
async function spread(lab: Lab, entered: ReadonlyMap<number, number>) {
  const from = performance.now();
  const all = [...entered.values()].reduce((sum, count) => sum + count, 0);
  const everywhere = (what: string, has: (id: number) => Promise<boolean>) =>
    until(what, async () => (await Promise.all(lab.plans.map(({ id }) => has(id)))).every(Boolean), 120_000);
  await everywhere('all routes in the kernels', async (id) => {
    const { stdout } = await lab.exec(id, ['ip', '-4', 'route', 'show', 'table', '1195']);
    const cidrs = stdout.split('\n').map((line) => line.split(' ')[0]!);
    return cidrs.filter(isEntered).length === all - entered.get(id)!;
  });
  const kernelSeconds = (performance.now() - from) / 1000;
  await everywhere('all routes in the lists', async (id) => {
    const routes = await lab.api(id).get<{ cidr: string }[]>('/mesh/routes');
    return new Set(routes.map(({ cidr }) => cidr).filter(isEntered)).size === all;
  });
  return { kernelSeconds, listedSeconds: (performance.now() - from) / 1000 };
}

async function listCost(lab: Lab): Promise<number> {
  const api = new ApiCaller(lab, 2, 1);
  const times: number[] = [];
  for (let run = 0; run < 10; run++) {
    times.push(await api.call('GET', '/mesh/routes'));
    await sleep(200);
  }
  api.close();
  return median(times);
}
