import { Command } from 'commander';
import { root } from '../../programs.ts';
import { runInForeground } from '../foreground.ts';

const script = `${root}/packaging/install-units`;

export function installCommand(): Command {
  return new Command('install')
    .description('install the controller on this machine as systemd units, or upgrade it; traffic goes on')
    .option('--no-start', 'only prepare: for an image of a machine')
    .action(async ({ start }: { start: boolean }) => {
      process.exitCode = await runInForeground([script, 'install', ...(start ? [] : ['--no-start'])]);
    });
}

export function uninstallCommand(): Command {
  return new Command('uninstall')
    .description('stop the controller and remove its units and files; the links of this machine go down')
    .option('--purge', 'remove keys and settings as well')
    .action(async ({ purge }: { purge?: boolean }) => {
      process.exitCode = await runInForeground([script, 'uninstall', ...(purge ? ['--purge'] : [])]);
    });
}
