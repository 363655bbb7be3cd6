import { chmodSync, chownSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { paths, SERVICE_USER } from '../../paths.ts';
import { builtFile, type Program } from '../../programs.ts';
import { CliError } from '../cli-error.ts';

/** Where runsvdir finds our two processes when no systemd starts them. */
export const servicesDirectory = '/run/meshwright-services';

/**
 * What the applier and the engines that it starts may do, and nothing beyond: configure network and routing, set
 * real-time priority, give BIRD a user of its own, own the socket on behalf of the service user.
 */
export const APPLIER_CAPABILITIES = [
  'net_admin',
  'net_raw',
  'net_bind_service',
  'net_broadcast',
  'sys_nice',
  'setuid',
  'setgid',
  'setpcap',
  'chown',
  'fowner',
  'kill',
  'dac_override',
] as const;

/**
 * Small young generation: both processes idle most of the time, and the default keeps 30 MB for nothing; few
 * malloc arenas, because short-lived workers (PAKE, key generation) leave theirs behind. Each has
 * a compile cache of its own, because what root runs must not come from a place where the service user writes.
 */
const node = (state: string, main: Program) =>
  `env MALLOC_ARENA_MAX=2 NODE_COMPILE_CACHE=${state}/compile-cache node --disable-warning=ExperimentalWarning \\
  --max-semi-space-size=1 "$MESHWRIGHT_ROOT"/${builtFile(main)}`;

/** The services' scripts are constant text: what differs between machines comes in the environment. */
export const runScripts = {
  controller: [
    '#!/bin/sh',
    'exec 2>&1 < /dev/null',
    `exec setpriv --reuid ${SERVICE_USER} --regid ${SERVICE_USER} --clear-groups --bounding-set=-all \\`,
    '  --inh-caps=-all --no-new-privs \\',
    `  ${node(paths.controllerState, 'controller')}`,
    '',
  ].join('\n'),
  applier: [
    '#!/bin/sh',
    'exec 2>&1 < /dev/null',
    `exec setpriv --bounding-set=-all,${APPLIER_CAPABILITIES.map((one) => `+${one}`).join(',')} \\`,
    '  --inh-caps=-all \\',
    `  ${node(paths.applierState, 'applier')}`,
    '',
  ].join('\n'),
  log: ['#!/bin/sh', 'exec svlogd -tt "$MESHWRIGHT_LOG_DIR/$(basename "$(dirname "$PWD")")"', ''].join('\n'),
} as const;

/** Makes the directories that both processes expect, with the owners that keep them apart. */
export function prepareDirectories(user: { uid: number; gid: number }): void {
  const make = (path: string, mode: number, owner: { uid: number; gid: number }) => {
    mkdirSync(path, { recursive: true });
    chownSync(path, owner.uid, owner.gid);
    chmodSync(path, mode);
  };
  const root = { uid: 0, gid: 0 };
  make(paths.controllerState, 0o700, user);
  make(paths.applierState, 0o700, root);
  make(paths.applierRuntime, 0o711, root);
  make('/run/meshwright', 0o755, user);
  make(paths.authorities, 0o755, root);
}

export function writeServices(logDirectory: string | null): void {
  rmSync(`${servicesDirectory}/enabled`, { recursive: true, force: true });
  for (const name of ['applier', 'controller'] as const) {
    const directory = `${servicesDirectory}/enabled/${name}`;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    writeFileSync(`${directory}/run`, runScripts[name], { mode: 0o700 });
    if (logDirectory === null) continue;
    mkdirSync(`${logDirectory}/${name}`, { recursive: true, mode: 0o750 });
    mkdirSync(`${directory}/log`, { mode: 0o700 });
    writeFileSync(`${directory}/log/run`, runScripts.log, { mode: 0o700 });
  }
}

/** Process ids of the supervisor and its runsvdir, as far as they still are what they were. */
export function runningSupervisor(): { supervisor: number | null; runsvdir: number | null } {
  const is = (pid: number | undefined, word: string) => {
    try {
      return pid !== undefined && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(word) ? pid : null;
    } catch {
      return null;
    }
  };
  let pids: number[] = [];
  try {
    pids = readFileSync(`${servicesDirectory}/pids`, 'utf8').trim().split(' ').map(Number);
  } catch {
    // never started, or ended in order
  }
  return { supervisor: is(pids[0], 'supervise.sh'), runsvdir: is(pids[1], 'runsvdir') };
}

export function serviceUser(passwd: string = readFileSync('/etc/passwd', 'utf8')): {
  uid: number;
  gid: number;
} {
  const fields = passwd
    .split('\n')
    .map((line) => line.split(':'))
    .find(([name]) => name === SERVICE_USER);
  if (!fields)
    throw new CliError(`this machine has no user ${SERVICE_USER}; start this through ./meshwright`);
  return { uid: Number(fields[2]), gid: Number(fields[3]) };
}
