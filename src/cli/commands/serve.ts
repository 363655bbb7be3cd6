import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { Command } from 'commander';
import { attempt } from '../../lab/program.ts';
import { programFile, root } from '../../programs.ts';
import { CliError } from '../cli-error.ts';
import {
  prepareDirectories,
  runningSupervisor,
  servicesDirectory,
  serviceUser,
  writeServices,
} from '../serve/services.ts';

interface Options {
  logDir?: string;
  stopEngines?: boolean;
}

/** Ends a runsvdir whose supervisor was killed, with its services: a second one could not take them over. */
async function endOrphan(pid: number): Promise<void> {
  process.kill(pid, 'SIGHUP');
  const services = ['controller', 'applier'].map((name) => `${servicesDirectory}/enabled/${name}`);
  await attempt(['sv', '-w', '12', 'force-shutdown', ...services]);
}

async function serve({ logDir, stopEngines = false }: Options): Promise<void> {
  if (process.getuid?.() !== 0)
    throw new CliError('serve needs root: it starts the applier, which configures the network');
  if (
    existsSync('/run/systemd/system') &&
    existsSync('/usr/local/lib/systemd/system/meshwright-applier.service')
  )
    throw new CliError('systemd runs the controller here; `meshwright uninstall` removes its units');
  const { supervisor, runsvdir } = runningSupervisor();
  if (supervisor !== null)
    throw new CliError(`a controller is being served already, by process ${supervisor}`);
  if (runsvdir !== null) await endOrphan(runsvdir);
  prepareDirectories(serviceUser());
  mkdirSync(servicesDirectory, { recursive: true, mode: 0o700 });
  writeServices(logDir ?? null);
  spawn(process.execPath, ['--disable-warning=ExperimentalWarning', programFile('announce')], {
    stdio: ['ignore', 'inherit', 'inherit'],
    cwd: '/',
  });
  // The supervisor takes this process's place: nothing of Node stays behind to watch over two services.
  const argv = [
    'sh',
    `${root}/src/cli/serve/supervise.sh`,
    servicesDirectory,
    stopEngines ? 'engines' : 'nothing',
  ];
  process.execve?.('/bin/sh', argv, {
    ...process.env,
    HOME: '/',
    MESHWRIGHT_ROOT: root,
    ...(logDir === undefined ? {} : { MESHWRIGHT_LOG_DIR: logDir }),
  });
  throw new CliError('this Node cannot hand its process over; Node 24 is needed');
}

export function serveCommand(): Command {
  return new Command('serve')
    .description('run the controller on this machine in the foreground, where no systemd does it')
    .option('--log-dir <directory>', 'write the logs of controller and applier there instead of to stdout')
    .option('--stop-engines', 'stop the engines as well when this ends; traffic stops with them')
    .addHelpText(
      'after',
      '\nEnding this stops controller and applier only: the mesh goes on and is adopted at the next start.',
    )
    .action((options: Options) => serve(options));
}
