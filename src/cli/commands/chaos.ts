import { Command } from 'commander';
import { root } from '../../programs.ts';
import { runInForeground } from '../foreground.ts';

interface Options {
  readonly seed?: string;
  readonly controllers?: string;
  readonly cases?: string;
  readonly minutes?: string;
  readonly from?: string;
  readonly fault?: string;
  readonly json?: string;
  readonly document?: boolean;
  readonly list?: boolean;
}

/** The work is done by chaos/main.ts in a process of its own, which parses the options once more. */
export function chaosCommand(): Command {
  return new Command('chaos')
    .description('hurt a mesh in many ways, and say what did not hold')
    .option('--seed <n>', 'choices follow from it: the same seed hits the same targets (default: 1)')
    .option('--controllers <sizes>', 'sizes of the mesh, e.g. 2,3,5,10 (default: 3)')
    .option('--cases <n>', 'how many cases of each size (default: every fault once)')
    .option('--minutes <n>', 'begin no case later than this; each size has its share')
    .option('--from <n>', 'the first case of the sequence (default: 0)')
    .option('--fault <name>', 'this kind of fault alone')
    .option('--json <file>', 'keep results there, beside those of earlier runs with the same seed')
    .option('--document', 'write the table of docs/reliability.md from the results')
    .option('--list', 'print the sequence and do nothing')
    .action(async (options: Options) => {
      const argv = Object.entries(options).flatMap(([name, value]) =>
        value === true ? [`--${name}`] : [`--${name}`, String(value)],
      );
      // Both get an interrupt from the terminal; the other one takes its lab down first.
      const wait = () => undefined;
      process.on('SIGINT', wait);
      const main = [process.execPath, '--disable-warning=ExperimentalWarning', `${root}/chaos/main.ts`];
      process.exitCode = await runInForeground([...main, ...argv]);
      process.off('SIGINT', wait);
    });
}
