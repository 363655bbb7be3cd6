import { spawn } from 'node:child_process';
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { builtFile, root } from '../programs.ts';
import { namespaceExists } from './network.ts';
import { type ControllerPlan, lab } from './plan.ts';
import { initOf, killAll, processesIn } from './processes.ts';
import { attempt, type Finished, type RunOptions, until } from './program.ts';
import { readState } from './state.ts';

const init = `${root}/src/lab/controller-init.sh`;

const code = lab.codeDirectory;
const arch = process.arch === 'arm64' ? 'arm64' : 'x64';

/** Search path of a controller, where it sees the code. */
export const searchPath: string = [
  `${code}/node_modules/.bin`,
  `${code}/node_modules/node-linux-${arch}/bin`,
  `${code}/.cache/wireguard-go`,
  ...['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'],
].join(':');

export const serveArgv: readonly string[] = [
  'node',
  '--disable-warning=ExperimentalWarning',
  `${code}/${builtFile('cli')}`,
  'serve',
  '--log-dir',
  '/var/log/meshwright',
];

/** Lays out the machine's disk. What is there stays, so that a machine finds its state again after a power cut. */
export function layOutDisk(plan: ControllerPlan, all: readonly ControllerPlan[], authority?: string): void {
  for (const part of ['run', 'lib', 'log', 'etc/meshwright']) {
    mkdirSync(`${plan.directory}/${part}`, { recursive: true, mode: 0o755 });
  }
  const hosts = `${plan.directory}/etc/hosts`;
  if (!existsSync(hosts)) {
    const names = all.map((one) => `${one.underlay} ${one.namespace}`);
    writeFileSync(hosts, `${readFileSync('/etc/hosts', 'utf8').trimEnd()}\n${names.join('\n')}\n`);
  }
  const resolv = `${plan.directory}/etc/resolv.conf`;
  // Without a name server the resolver asks this machine and is refused at once, instead of waiting.
  if (!existsSync(resolv)) writeFileSync(resolv, '# The lab has no name server.\n');
  if (authority) {
    const directory = `${plan.directory}/etc/meshwright/authorities.d`;
    mkdirSync(directory, { recursive: true, mode: 0o755 });
    writeFileSync(`${directory}/lab.pem`, authority, { mode: 0o644 });
  }
  chmodSync(lab.machineDirectory, 0o755);
}

/**
 * The words before a program of the machine with this number. Where each machine has one core, as small machines have, programs
 * that hand work from core to core all the time, as WireGuard in userspace does, take half of the CPU; where it has all, one
 * flow is faster.
 */
export function onItsCores(number: number): string[] {
  const cores = availableParallelism();
  const own = readState()?.oneCore ? String(number % cores) : `0-${cores - 1}`;
  return ['taskset', '--cpu-list', own];
}

/** Switches a machine on whose namespace and wires exist. Returns when its private files are in place. */
export async function switchOn(plan: ControllerPlan, argv: readonly string[] = serveArgv): Promise<number> {
  const console = openSync(`${plan.directory}/console.log`, 'a', 0o600);
  const child = spawn(
    'nsenter',
    [
      `--net=/run/netns/${plan.namespace}`,
      ...onItsCores(plan.id),
      ...['unshare', '--mount', '--pid', '--uts', '--ipc', '--fork', '--kill-child', '--'],
      ...['sh', init, plan.namespace, plan.directory, root, code],
      ...argv,
    ],
    {
      cwd: '/',
      detached: true,
      stdio: ['ignore', console, console],
      env: { PATH: searchPath, LANG: 'C.UTF-8' },
    },
  );
  closeSync(console);
  child.unref();
  return until(`${plan.namespace} to boot (see ${plan.directory}/console.log)`, () => {
    if (child.exitCode !== null) throw new Error(`${plan.namespace} did not boot: ${consoleTail(plan)}`);
    const pid = initPid(plan);
    return pid !== undefined && existsSync(`/proc/${pid}/root/run/meshwright-lab-booted`) ? pid : null;
  });
}

function consoleTail(plan: ControllerPlan): string {
  return readFileSync(`${plan.directory}/console.log`, 'utf8').trim().split('\n').slice(-3).join(' / ');
}

export function initPid(plan: ControllerPlan): number | undefined {
  return initOf(processesIn([plan.namespace]))?.pid;
}

/** Kills all that runs in the machine, engines included, and waits until the kernel has let go of it. */
export async function switchOff(plan: ControllerPlan): Promise<void> {
  if (!namespaceExists(plan.namespace)) return;
  await until(`the processes of ${plan.namespace} to end`, () => {
    const left = processesIn([plan.namespace]);
    killAll(left);
    return left.length === 0;
  });
}

/** The words that run a program inside a machine, in all of its namespaces. */
export function enterArgv(pid: number, argv: readonly string[]): string[] {
  return ['nsenter', `--target=${pid}`, '--net', '--mount', '--pid', '--uts', '--ipc', '--', ...argv];
}

export async function execInMachine(
  plan: ControllerPlan,
  argv: readonly string[],
  options: RunOptions = {},
): Promise<Finished> {
  const pid = initPid(plan);
  if (pid === undefined) throw new Error(`controller ${plan.id} is switched off`);
  return attempt(enterArgv(pid, argv), options);
}
