import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { CliError } from '../cli/cli-error.ts';
import { Client } from '../cli/client.ts';
import { httpsEndpoint } from '../cli/endpoint.ts';
import { waitUntilUp } from '../cli/restart.ts';
import { root } from '../programs.ts';
import { mountDisk } from './disk.ts';
import { applyImpairments } from './impairment.ts';
import { ownLicense } from './license.ts';
import { localClient } from './local-client.ts';
import { applyLoopback } from './loopback.ts';
import { layOutDisk, serveArgv, switchOn } from './machine.ts';
import { foundTopology, joinTopology, type Member, peer } from './mesh-setup.ts';
import { buildController, buildInternet } from './network.ts';
import { isComplete, pingMatrix } from './ping-matrix.ts';
import { type ControllerPlan, lab, labPlan } from './plan.ts';
import { until } from './program.ts';
import { isAlive, type LabState, readState, writeState } from './state.ts';
import { labNamespaces, tearDown } from './tear-down.ts';

export interface UpOptions {
  /** Number of controllers, 1 to 10. */
  readonly size?: number;
  /** Number of clients that the licence allows; without it the lab has the free licence that comes with Meshwright. */
  readonly clients?: number;
  /** Gives each controller's state a disk of so many megabytes, so that one can be full. */
  readonly disk?: number;
  /** Leave the controllers as they come: a password, but no licence, keyset or peers. */
  readonly fresh?: boolean;
  /** Each machine on one core of this one; a lab of more than four controllers always is. */
  readonly oneCore?: boolean;
  readonly progress?: (text: string) => void;
  /** What each machine runs instead of `serve`; the mesh is not set up then. For tests of the lab itself. */
  readonly argv?: readonly string[];
}

/** From this many controllers on, each has one core. */
const MANY = 5;

/** Refuses when a lab is in use; clears what a crashed one left. */
async function clearTheGround(progress: (text: string) => void): Promise<void> {
  const state = readState();
  const left = labNamespaces();
  if (state?.phase === 'up' && left.length > 0) {
    throw new CliError(
      `a lab with ${state.size} controllers is running; end it with \`meshwright lab down\``,
    );
  }
  if (state?.phase === 'starting' && state.owner !== process.pid && isAlive(state.owner)) {
    throw new CliError(`a lab is being started by process ${state.owner}`);
  }
  if (state === null && left.length === 0 && !existsSync(lab.machineDirectory)) return;
  progress('clearing what an earlier lab left');
  await tearDown();
}

export async function bringUp({
  size = 3,
  clients,
  disk,
  fresh = false,
  oneCore = size >= MANY,
  progress = () => {},
  argv,
}: UpOptions): Promise<void> {
  if (process.getuid?.() !== 0) throw new CliError('the lab needs root: it makes network namespaces');
  const plans = labPlan(size);
  await clearTheGround(progress);
  const own = clients === undefined ? null : ownLicense(size, clients);
  const license = own?.file ?? `${root}/licenses/free.license`;
  const madeEtc = !existsSync('/etc/meshwright');
  const state: LabState = {
    phase: 'starting',
    id: randomUUID(),
    owner: process.pid,
    size,
    oneCore,
    license,
    madeEtc,
    controllers: plans.map(({ id }) => ({ id, password: null, powered: true })),
    impairments: [],
  };
  writeState(state);
  mkdirSync('/etc/meshwright', { recursive: true });

  await buildInternet();
  await applyImpairments([]);
  for (const plan of plans) {
    if (disk !== undefined) await mountDisk(plan, disk);
    layOutDisk(plan, plans, own?.authority);
    await buildController(plan);
  }
  await applyLoopback(plans);
  progress(`network: ${size} controllers on ${lab.underlay}, ${size} site networks`);

  await Promise.all(plans.map((plan) => switchOn(plan, argv ?? serveArgv)));
  if (argv === undefined) {
    const members = await Promise.all(plans.map((plan) => adopt(plan, state)));
    writeState(state);
    progress('controllers answer');
    if (!fresh) await setUpMesh(members, license, progress);
  }
  state.phase = 'up';
  writeState(state);
}

/** Gives a new controller the API password of our choice, through its local socket as its owner would. */
async function adopt(plan: ControllerPlan, state: LabState): Promise<Member> {
  const password = randomBytes(12).toString('base64url');
  const local = localClient(plan);
  await waitUntilUp(local, 30_000);
  await local.put('/api_password', { password });
  state.controllers.find((one) => one.id === plan.id)!.password = password;
  const client = new Client(httpsEndpoint(plan.url, password));
  await waitUntilUp(client, 30_000);
  return { plan, client };
}

/** How long a mesh may take to carry traffic. A small machine with many controllers is busy with all of their links. */
const meshWithinMs = (controllers: number) => 30_000 + controllers ** 2 * 1000;

async function setUpMesh(
  members: Member[],
  license: string,
  progress: (text: string) => void,
): Promise<void> {
  const [first, ...others] = members as [Member, ...Member[]];
  const token = randomBytes(18).toString('base64url');
  await foundTopology(first, license, token);
  progress('controller 1 has licence and keyset');
  await Promise.all(others.map((member) => joinTopology(member, first.plan.underlay, token)));
  if (others.length > 0) progress('keyset fetched by the others');
  await Promise.all(members.map((member) => peer(member, members)));
  progress('peered');
  const plans = members.map(({ plan }) => plan);
  await until('every site host to reach every other', async () => isComplete(await pingMatrix(plans)), {
    timeoutMs: meshWithinMs(plans.length),
    everyMs: 200,
  });
  progress('every site reaches every other');
}
