import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import {
  applyImpairments,
  CLIENT_HOSTS,
  directions,
  type Impairment,
  packetwise,
  withImpairment,
} from '../../src/lab/impairment.ts';
import {
  batch,
  bridgeBatch,
  controllerBatch,
  plugBatch,
  setPacketTrain,
  siteBatch,
} from '../../src/lab/network.ts';
import { type ControllerPlan, labPlan } from '../../src/lab/plan.ts';
import { killAll, type Process, processesIn } from '../../src/lab/processes.ts';
import { attempt, run, until } from '../../src/lab/program.ts';
import { Daemon } from './daemon.ts';
import type { Ground } from './ground.ts';

/**
 * Where the others run: the lab's addresses and wires in namespaces of their own, `mwfieldI-...`. Several fields stand side by
 * side, since most of what is measured here is waiting.
 *
 *   host 1 ---- router 1 --c1--[ br0 ]--c2-- router 2 ---- host 2       host N    10.201.N.10
 *                                 |                                     router N  10.201.N.1, 10.195.0.N
 *                                 c3
 *                                 |                                     what is cut or lost is a rule of br0,
 *                              router 3 ---- host 3                     one for each direction
 */
const PREFIX = 'mwfield';
const DIRECTORY = '/run/meshwright-field';
const SOCKETS = '/run/wireguard';
let built = 0;
let isClosed = false;
const fields = new Set<Field>();

export class Field implements Ground {
  readonly number: number;
  readonly plans: readonly ControllerPlan[];
  readonly underlay: string;
  readonly directory: string;
  sendHome?: () => Promise<void>;
  readonly #daemons: Daemon[] = [];
  #impairments: readonly Impairment[] = [];

  private constructor(number: number, size: number) {
    const name = `${PREFIX}${number}`;
    this.number = number;
    this.underlay = `${name}-net`;
    this.directory = `${DIRECTORY}/${name}`;
    this.plans = labPlan(size).map((plan) => ({
      ...plan,
      namespace: `${name}-r${plan.id}`,
      siteNamespace: `${name}-h${plan.id}`,
      directory: `${this.directory}/r${plan.id}`,
    }));
  }

  static async build(size: number): Promise<Field> {
    if (isClosed) throw new Error('the bench is ending');
    const field = new Field(++built, size);
    fields.add(field);
    await run(['ip', 'netns', 'add', field.underlay]);
    await batch(field.underlay, bridgeBatch().slice(0, 2));
    for (const plan of field.plans) {
      mkdirSync(plan.directory, { recursive: true, mode: 0o700 });
      await run(['ip', 'netns', 'add', plan.namespace]);
      await run(['ip', 'netns', 'add', plan.siteNamespace]);
      await batch(field.underlay, plugBatch(plan));
      await batch(plan.namespace, controllerBatch(plan));
      await batch(plan.siteNamespace, siteBatch(plan));
      await field.exec(plan.id, ['sysctl', '-qw', 'net.ipv4.ip_forward=1', 'net.ipv4.conf.all.rp_filter=0']);
    }
    return field;
  }

  get size(): number {
    return this.plans.length;
  }

  plan(id: number): ControllerPlan {
    return this.plans[id - 1]!;
  }

  exec(id: number, argv: readonly string[]): Promise<string> {
    return run(['nsenter', `--net=/run/netns/${this.plan(id).namespace}`, ...argv]);
  }

  /** Writes a file into the router's directory and returns its path. */
  write(id: number, name: string, text: string, mode = 0o600): string {
    const path = `${this.plan(id).directory}/${name}`;
    writeFileSync(path, text, { mode });
    return path;
  }

  /** Starts a daemon on a router. `restartMs` is what its packaged unit waits before it restarts a killed one, if it does. */
  start(id: number, argv: readonly string[], restartMs: number | null): void {
    const { namespace, directory } = this.plan(id);
    this.#daemons.push(new Daemon(namespace, argv, `${directory}/log`, restartMs));
  }

  async untilThere(what: string, id: number, argv: readonly string[], timeoutMs = 20_000): Promise<void> {
    const check = () =>
      this.exec(id, argv).then(
        () => true,
        () => false,
      );
    await until(`${what} on router ${id}`, check, { timeoutMs, everyMs: 100 });
  }

  /** Returns when hosts 1 and 2 reach each other. */
  async untilReachable(timeoutMs = 60_000): Promise<void> {
    const ping = async (from: number, to: number) => {
      const enter = ['nsenter', `--net=/run/netns/${this.plan(from).siteNamespace}`];
      return (await attempt([...enter, 'fping', '-q', '-c1', '-t500', this.plan(to).siteHost])).code === 0;
    };
    const both = async () => (await ping(1, 2)) && (await ping(2, 1));
    await until('hosts 1 and 2 to reach each other', both, { timeoutMs, everyMs: 300 });
  }

  async cut(a: number, b?: number, { oneWay = false } = {}): Promise<void> {
    await this.#impair(a, b, oneWay, 'cut', 0);
  }

  async loss(a: number, b: number, percent: number): Promise<void> {
    await this.#impair(a, b, false, 'loss', percent);
  }

  async heal(): Promise<void> {
    await this.#apply([]);
  }

  kill(daemon: string): number {
    const victims = this.#processes(1).filter(({ name }) => name === daemon);
    killAll(victims);
    return victims.length;
  }

  /** Nothing of the others adapts to what happened. */
  async settle(): Promise<void> {}

  /** What ends is not restarted any more. */
  abandon(): void {
    for (const daemon of this.#daemons) daemon.abandon();
  }

  async stop(): Promise<void> {
    this.abandon();
    fields.delete(this);
    await removeFields(this.underlay.replace(/net$/, ''));
  }

  #processes(id: number): Process[] {
    return processesIn([this.plan(id).namespace]);
  }

  async #impair(a: number, b: number | undefined, oneWay: boolean, kind: Impairment['kind'], value: number) {
    const others = [...this.plans.map(({ id }) => id), CLIENT_HOSTS];
    let all = [...this.#impairments];
    for (const path of directions(a, b, others, oneWay)) all = withImpairment(all, { kind, ...path, value });
    await this.#apply(all);
  }

  async #apply(impairments: readonly Impairment[]): Promise<void> {
    const before = packetwise(this.#impairments);
    const after = packetwise(impairments);
    for (const plan of this.plans) {
      if (before.has(plan.id) !== after.has(plan.id))
        await setPacketTrain(plan, after.has(plan.id) ? 1 : 65535);
    }
    await applyImpairments(impairments, this.underlay);
    this.#impairments = impairments;
  }
}

/** The end: nothing is left, and nothing new is built by what still runs. */
export async function closeFields(): Promise<void> {
  isClosed = true;
  for (const field of fields) field.abandon();
  await removeFields();
}

/** Removes every trace of fields whose namespaces begin like this: processes first, or the kernel keeps the namespaces. */
export async function removeFields(prefix = PREFIX): Promise<void> {
  const names = entries('/run/netns').filter((name) => name.startsWith(prefix));
  await until(
    'the processes of a field to end',
    () => {
      const left = processesIn(names);
      killAll(left);
      return left.length === 0;
    },
    { timeoutMs: 20_000 },
  );
  for (const name of names) {
    const links = name.endsWith('-net') ? ['br0'] : ['eth0'];
    for (const link of links) await attempt(['ip', '-n', name, 'link', 'del', link]);
  }
  for (const name of names) await attempt(['ip', 'netns', 'del', name]);
  const directory = prefix === PREFIX ? DIRECTORY : `${DIRECTORY}/${prefix.replace(/-$/, '')}`;
  rmSync(directory, { recursive: true, force: true });
  removeSockets(prefix === PREFIX ? '' : prefix.replaceAll(/\D/g, ''));
}

/** wireguard-go leaves its control socket behind when it is killed. */
function removeSockets(number: string): void {
  const left = new RegExp(`^wg${number || '\\d+'}-\\d+-(\\d+|all)\\.sock$`);
  for (const name of entries(SOCKETS)) if (left.test(name)) rmSync(`${SOCKETS}/${name}`, { force: true });
}

function entries(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
