import { spawn } from 'node:child_process';
import type { Lab } from '../lab/lab.ts';
import { enterArgv, initPid, searchPath } from '../lab/machine.ts';
import { lab as names } from '../lab/plan.ts';
import { CliError, ExitCode } from './cli-error.ts';

/** The words that run `argv` in a place of the lab: all namespaces of a controller, the network of a host. */
export function placeArgv(lab: Lab, place: string, argv: readonly string[]): string[] {
  if (place === 'internet') return ['nsenter', `--net=/run/netns/${names.internetNamespace}`, '--', ...argv];
  const match = /^(s?)(\d{1,2})$/.exec(place);
  if (!match)
    throw new CliError(`${place} is no place: 1 is a controller, s1 the host behind it`, ExitCode.usage);
  const plan = lab.plan(Number(match[2]));
  if (match[1] === 's') return ['nsenter', `--net=/run/netns/${plan.siteNamespace}`, '--', ...argv];
  const pid = initPid(plan);
  if (pid === undefined) throw new CliError(`controller ${plan.id} is switched off`);
  return enterArgv(pid, argv);
}

/** Hands the terminal over, and ends as the program ended. */
export function enterLab(lab: Lab, place: string, argv: readonly string[]): Promise<void> {
  const words = placeArgv(lab, place, argv.length === 0 ? [process.env.SHELL ?? 'sh'] : argv);
  const isController = /^\d/.test(place);
  const env = isController ? { ...process.env, PATH: searchPath } : process.env;
  const child = spawn(words[0]!, words.slice(1), { stdio: 'inherit', env });
  const ignore = () => {};
  process.on('SIGINT', ignore);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      process.exitCode = code ?? (signal === null ? 1 : 128);
      resolve();
    });
  });
}
