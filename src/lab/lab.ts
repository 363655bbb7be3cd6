import { CliError } from '../cli/cli-error.ts';
import { Client } from '../cli/client.ts';
import { httpsEndpoint } from '../cli/endpoint.ts';
import { bringUp, type UpOptions } from './bring-up.ts';
import {
  applyQuietly,
  CLIENT_HOSTS,
  directions,
  type Impairment,
  packetwise,
  withImpairment,
  withoutImpairments,
} from './impairment.ts';
import { localClient } from './local-client.ts';
import { execInMachine, serveArgv, switchOff, switchOn } from './machine.ts';
import { buildController, removeController, setPacketTrain } from './network.ts';
import { isComplete, type PingMatrix, pingMatrix } from './ping-matrix.ts';
import { type ControllerPlan, controllerPlan, lab } from './plan.ts';
import { killAll, type Part, type Process, partOf, processesIn } from './processes.ts';
import { attempt, type Finished, type RunOptions, sleep, until } from './program.ts';
import { StandingShell } from './standing-shell.ts';
import { isAlive, type LabState, locked, readState, writeState } from './state.ts';
import { tearDown } from './tear-down.ts';

/** A place in the lab where a program can run: a controller, the host behind one, or the internet between them. */
export type Place = number | { readonly site: number } | 'internet';

/** Longer than any detection of a failure. */
const NOTICE_MS = 400;

/** A running lab. Commands, tests and benches all work through this class; the state file joins them. */
export class Lab {
  readonly #id: string | null;
  readonly #internet = new StandingShell(lab.internetNamespace);

  /** Without an id it is whichever lab runs when it is used. */
  constructor(id: string | null = null) {
    this.#id = id;
  }

  static async up(options: UpOptions = {}): Promise<Lab> {
    await locked(() => bringUp(options));
    return Lab.attach();
  }

  /** The lab that runs on this machine. */
  static attach(): Lab {
    if (process.getuid?.() !== 0) throw new CliError('the lab needs root');
    const state = readState();
    if (state === null) throw new CliError('no lab is running; start one with `meshwright lab up`');
    return new Lab(state.id);
  }

  /**
   * Removes every trace of a lab, whatever its condition. One that belongs to a process which still runs, such as a
   * test, is only removed by that process, or with `force`.
   */
  static async down({ force = false } = {}): Promise<void> {
    await locked(async () => {
      const state = readState();
      if (!force && state !== null && state.owner !== process.pid && isAlive(state.owner)) {
        throw new CliError(`process ${state.owner} is working with this lab; --force ends it nevertheless`);
      }
      await tearDown();
    });
  }

  get state(): LabState {
    const state = readState();
    if (state === null) throw new CliError('no lab is running; start one with `meshwright lab up`');
    if (this.#id !== null && state.id !== this.#id)
      throw new CliError('this lab has ended, and another one was started since');
    return state;
  }

  get plans(): ControllerPlan[] {
    return this.state.controllers.map(({ id }) => controllerPlan(id));
  }

  plan(id: number): ControllerPlan {
    const { size } = this.state;
    if (!Number.isInteger(id) || id < 1 || id > size)
      throw new CliError(`there is no controller ${id}: the lab has 1 to ${size}`, 2);
    return controllerPlan(id);
  }

  /** The controller's API over https with its password, as an operator on this machine uses it. */
  api(id: number): Client {
    const password = this.state.controllers.find((one) => one.id === this.plan(id).id)?.password ?? null;
    return new Client(httpsEndpoint(this.plan(id).url, password));
  }

  /** The same API at the controller's own socket, as root on that machine uses it. */
  local(id: number): Client {
    return localClient(this.plan(id));
  }

  async exec(place: Place, argv: readonly string[], options: RunOptions = {}): Promise<Finished> {
    if (typeof place === 'number') return execInMachine(this.plan(place), argv, options);
    const namespace = place === 'internet' ? lab.internetNamespace : this.plan(place.site).siteNamespace;
    return attempt(['nsenter', `--net=/run/netns/${namespace}`, ...argv], options);
  }

  /**
   * Nothing passes between two controllers, between one and all others with every client host, or between one and
   * the client hosts (`CLIENT_HOSTS`). The way to this machine stays open.
   */
  async cut(a: number, b?: number, { oneWay = false } = {}): Promise<void> {
    await this.#impair(a, b, oneWay, 'cut', 0);
  }

  async loss(a: number, b: number | undefined, percent: number, { oneWay = false } = {}): Promise<void> {
    await this.#impair(a, b, oneWay, 'loss', percent);
  }

  /** Packets above `bytes` vanish without a word, as behind a firewall that eats ICMP. */
  async mtu(a: number, b: number | undefined, bytes: number, { oneWay = false } = {}): Promise<void> {
    await this.#impair(a, b, oneWay, 'mtu', bytes);
  }

  async heal(a?: number, b?: number): Promise<void> {
    await this.#change((state) => {
      state.impairments = withoutImpairments(state.impairments, a, b);
    });
  }

  /** Kills one part with SIGKILL and returns how many processes that were. */
  kill(id: number, part: Part): number {
    const victims = partOf(this.processes(id), part);
    killAll(victims);
    return victims.length;
  }

  processes(id: number): Process[] {
    return processesIn([this.plan(id).namespace]);
  }

  /**
   * The plug is pulled: the wire first, then everything that runs. Only the disk is left. To clear away what ran costs this
   * machine CPU that no power cut costs anybody, so the others have a moment to notice before.
   */
  async powerOff(id: number): Promise<void> {
    const plan = this.plan(id);
    await locked(async () => {
      const state = this.state;
      const controller = state.controllers.find((one) => one.id === id)!;
      if (!controller.powered) throw new CliError(`controller ${id} is switched off`);
      await this.#internet.run(['ip', 'link', 'set', plan.port, 'down']);
      await sleep(NOTICE_MS);
      await switchOff(plan);
      await removeController(plan);
      controller.powered = false;
      writeState(state);
    });
  }

  async powerOn(id: number, argv: readonly string[] = serveArgv): Promise<void> {
    const plan = this.plan(id);
    await locked(async () => {
      const state = this.state;
      const controller = state.controllers.find((one) => one.id === id)!;
      if (controller.powered) throw new CliError(`controller ${id} is switched on`);
      await removeController(plan);
      await buildController(plan);
      if (packetwise(state.impairments).has(id)) await setPacketTrain(plan, 1);
      await switchOn(plan, argv);
      controller.powered = true;
      writeState(state);
    });
  }

  pingMatrix(): Promise<PingMatrix> {
    const off = new Set(this.state.controllers.filter((one) => !one.powered).map((one) => one.id));
    return pingMatrix(this.plans.filter((plan) => !off.has(plan.id)));
  }

  /** Returns when every site host reaches every other. */
  async waitForMesh(timeoutMs = 30_000): Promise<void> {
    const complete = async () => isComplete(await this.pingMatrix());
    await until('every site host to reach every other', complete, { timeoutMs, everyMs: 200 });
  }

  async #impair(a: number, b: number | undefined, oneWay: boolean, kind: Impairment['kind'], value: number) {
    const others = [...this.plans.map(({ id }) => id), CLIENT_HOSTS];
    if (this.plan(a).id === b) throw new CliError(`controller ${a} has no link to itself`, 2);
    if (b !== undefined && b !== CLIENT_HOSTS) this.plan(b);
    await this.#change((state) => {
      for (const path of directions(a, b, others, oneWay)) {
        state.impairments = withImpairment(state.impairments, { kind, ...path, value });
      }
    });
  }

  async #change(edit: (state: LabState) => void): Promise<void> {
    await locked(async () => {
      const state = this.state;
      const before = packetwise(state.impairments);
      edit(state);
      const after = packetwise(state.impairments);
      for (const { id, powered } of state.controllers) {
        if (!powered || before.has(id) === after.has(id)) continue;
        await setPacketTrain(controllerPlan(id), after.has(id) ? 1 : 65535);
      }
      await applyQuietly(state.impairments, this.#internet);
      writeState(state);
    });
  }
}
