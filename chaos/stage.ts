import { Lab } from '../src/lab/lab.ts';
import { sleep, until } from '../src/lab/program.ts';
import { difference, type MachineState, machineState } from './machine-state.ts';
import { type Membership, Watch } from './watch.ts';
import { Writer } from './writer.ts';

/** A lab that is watched, and what it looked like before anything happened to it. */
export interface Stage {
  readonly lab: Lab;
  readonly watch: Watch;
  readonly writer: Writer;
  readonly membership: Membership;
  readonly calm: ReadonlyMap<number, MachineState>;
}

/** How long a new mesh may take until it is at rest. Ten controllers on two CPUs are busy with themselves for a while. */
const restWithinMs = (size: number) => 60_000 + size * 10_000;

/** Room for the state of a controller, and little enough to be filled in a moment. */
const DISK_MB = 64;

export async function setStage(size: number, progress: (text: string) => void): Promise<Stage> {
  const lab = await Lab.up({ size, progress, disk: DISK_MB });
  await nameSomePeers(lab);
  const watch = new Watch(lab);
  watch.start();
  try {
    const calm = await atRest(lab, watch, restWithinMs(size));
    return { lab, watch, writer: new Writer(lab), membership: watch.membership(), calm };
  } catch (error) {
    watch.stop();
    throw error;
  }
}

/** Each controller has its next one by name instead of by address, so that there is something for DNS to break. */
async function nameSomePeers(lab: Lab): Promise<void> {
  for (const { id } of lab.plans) {
    const next = lab.plan((id % lab.plans.length) + 1);
    await lab.local(id).put(`/peering/peers/${next.id}`, { name: next.namespace }, { timeoutMs: 60_000 });
  }
}

/** Waits until all links are up and two looks at all machines, two seconds apart, are the same. Says what still moved if they never are. */
async function atRest(lab: Lab, watch: Watch, timeoutMs: number): Promise<Map<number, MachineState>> {
  let before: Map<number, MachineState> | null = null;
  let restless: string[] = [];
  const look = async () => {
    const now = await states(lab).catch((error: Error) => {
      restless = [error.message];
      return null;
    });
    if (now !== null)
      restless = [...(before ? changes(before, now) : ['no second look']), ...unhealthy(lab, watch)];
    before = now;
    if (now !== null && restless.length === 0) return now;
    await sleep(2000);
    return null;
  };
  return until('the new mesh to be at rest', look, { timeoutMs }).catch((error: Error) => {
    throw new Error(`${error.message}; at the end: ${restless.slice(0, 8).join('; ')}`);
  });
}

/** What is different between two looks at all machines. */
function changes(
  before: ReadonlyMap<number, MachineState>,
  now: ReadonlyMap<number, MachineState>,
): string[] {
  return [...now].flatMap(([id, lines]) =>
    difference(before.get(id) ?? [], lines).map((line) => `controller ${id}: ${line}`),
  );
}

async function states(lab: Lab): Promise<Map<number, MachineState>> {
  return new Map(
    await Promise.all(lab.plans.map(async ({ id }) => [id, await machineState(lab, id)] as const)),
  );
}

/** Links that status does not call up or degraded, and controllers that do not say. */
function unhealthy(lab: Lab, watch: Watch): string[] {
  const now = Date.now();
  return lab.plans.flatMap(({ id }) => {
    const status = watch.statuses.get(id);
    if (status === undefined || now - (watch.heardAt.get(id) ?? 0) > 3000)
      return [`controller ${id}: does not answer`];
    const links = status.links.filter(({ state }) => state === 'down' || state === 'unknown');
    const few = status.links.length < lab.plans.length - 1 ? [`controller ${id}: links are missing`] : [];
    return [...few, ...links.map(({ peer, state }) => `controller ${id}: link ${peer} is ${state}`)];
  });
}

/** What is different from the mesh that never failed, now. */
export async function differences({ lab, watch, calm }: Stage): Promise<string[]> {
  const found = unhealthy(lab, watch);
  for (const { id } of lab.plans) {
    try {
      found.push(...changes(calm, new Map([[id, await machineState(lab, id)]])));
    } catch (error) {
      found.push(`controller ${id}: ${(error as Error).message}`);
    }
  }
  return found;
}
