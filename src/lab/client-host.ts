import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import type { PackFile } from '../clientpack/client-intent.ts';
import { root } from '../programs.ts';
import { enterArgv, onItsCores, searchPath } from './machine.ts';
import { namespaceExists } from './network.ts';
import { type ClientPlan, clientPlan, lab } from './plan.ts';
import { initOf, killAll, processesIn } from './processes.ts';
import { attempt, type Finished, type RunOptions, run, until } from './program.ts';

const init = `${root}/src/lab/client-init.sh`;

/** A host on the lab's internet that is an overlay client, with stock software and the files of a pack. */
export class ClientHost {
  readonly plan: ClientPlan;

  private constructor(plan: ClientPlan) {
    this.plan = plan;
  }

  static async boot(index: number): Promise<ClientHost> {
    const plan = clientPlan(index);
    mkdirSync(plan.directory, { recursive: true, mode: 0o755 });
    await run(['ip', 'netns', 'add', plan.namespace]);
    const plug = [
      `link add ${plan.port} type veth peer name eth0 netns ${plan.namespace}`,
      `link set ${plan.port} master ${lab.bridge} up`,
    ];
    await run(['ip', '-n', lab.internetNamespace, '-batch', '-'], { input: `${plug.join('\n')}\n` });
    const inside = [
      'link set lo up',
      `addr add ${plan.underlay}/24 dev eth0`,
      'link set eth0 up',
      `route add default via ${lab.hostAddress} dev eth0`,
    ];
    await run(['ip', '-n', plan.namespace, '-batch', '-'], { input: `${inside.join('\n')}\n` });
    spawn(
      'nsenter',
      [
        `--net=/run/netns/${plan.namespace}`,
        ...['unshare', '--mount', '--pid', '--fork', '--kill-child', '--', 'sh', init, plan.directory],
      ],
      { cwd: '/', detached: true, stdio: 'ignore', env: environment },
    ).unref();
    await until(`${plan.namespace} to boot`, () => existsSync(`${plan.directory}/booted`));
    return new ClientHost(plan);
  }

  exec(argv: readonly string[], options: RunOptions = {}): Promise<Finished> {
    return attempt(this.#enter(argv), options);
  }

  /** Starts a program that goes on; what it says is kept in a log on the host's disk. */
  start(argv: readonly string[], log: string): ChildProcess {
    const file = openSync(`${this.plan.directory}/${log}.log`, 'a', 0o600);
    const [program, ...args] = this.#enter(argv) as [string, ...string[]];
    const child = spawn(program, args, {
      cwd: this.plan.directory,
      detached: true,
      stdio: ['ignore', file, file],
      env: { ...environment, MESHWRIGHT_CLIENT: this.plan.directory },
    });
    child.unref();
    return child;
  }

  write(files: readonly PackFile[]): void {
    for (const { name, mode, text } of files) writeFileSync(`${this.plan.directory}/${name}`, text, { mode });
  }

  /** OpenVPN as a service would run it: the pack's file, and nothing else. */
  openvpn(files: readonly PackFile[]): void {
    this.write(files);
    const file = files.find(({ name }) => name.endsWith('.conf'))!;
    this.start(['openvpn', '--config', `${this.plan.directory}/${file.name}`], 'openvpn');
  }

  /** What the units of the HA pack run, in their order: rules, tunnels, BIRD. */
  async ha(files: readonly PackFile[]): Promise<void> {
    this.write(files);
    const { directory } = this.plan;
    const tunnels = files.flatMap(({ name }) => /^(mwc\d+)\.conf$/.exec(name)?.[1] ?? []);
    const { code, stderr } = await this.exec([
      'env',
      `MESHWRIGHT_CLIENT=${directory}`,
      `${directory}/tunnel`,
      'rules',
    ]);
    if (code !== 0) throw new Error(`tunnel rules: ${stderr}`);
    for (const name of tunnels) this.start([`${directory}/tunnel`, 'run', name], name);
    const bird = ['bird', '-f', '-c', `${directory}/bird.conf`, '-s', `${directory}/bird.ctl`];
    this.start(['chrt', '--rr', '20', ...bird], 'bird');
  }

  async wireguard(files: readonly PackFile[]): Promise<void> {
    const { directory } = this.plan;
    writeFileSync(`${directory}/wg0.conf`, files[0]!.text, { mode: 0o600 });
    const { code, stderr } = await this.exec(['wg-quick', 'up', `${directory}/wg0.conf`]);
    if (code !== 0) throw new Error(`wg-quick: ${stderr}`);
  }

  /** Ends every program of the host, as if its plug were pulled; the host itself stays. */
  silence(): void {
    const inside = processesIn([this.plan.namespace]);
    const first = initOf(inside);
    killAll(inside.filter(({ pid, name }) => pid !== first?.pid && name !== 'nsenter' && name !== 'unshare'));
  }

  async remove(): Promise<void> {
    if (!namespaceExists(this.plan.namespace)) return;
    await until(`the processes of ${this.plan.namespace} to end`, () => {
      const left = processesIn([this.plan.namespace]);
      killAll(left);
      return left.length === 0;
    });
    await attempt(['ip', '-n', this.plan.namespace, 'link', 'del', 'eth0']);
    await attempt(['ip', 'netns', 'del', this.plan.namespace]);
    rmSync(this.plan.directory, { recursive: true, force: true });
  }

  #enter(argv: readonly string[]): string[] {
    const pid = initOf(processesIn([this.plan.namespace]))?.pid;
    if (pid === undefined) throw new Error(`${this.plan.namespace} is not running`);
    const enter = enterArgv(pid, argv).filter((word) => word !== '--uts' && word !== '--ipc');
    return [...onItsCores(this.plan.index), ...enter];
  }
}

const environment = {
  PATH: `${root}/.cache/wireguard-go:${searchPath}`,
  LANG: 'C.UTF-8',
};
