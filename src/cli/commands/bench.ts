import { existsSync, readdirSync } from 'node:fs';
import { Command } from 'commander';
import { root } from '../../programs.ts';
import { CliError, ExitCode } from '../cli-error.ts';
import { runInForeground } from '../foreground.ts';

const directory = `${root}/bench`;

/** Each measurement is a file bench/NAME.bench.ts. */
function names(): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory).flatMap((one) => /^(.+)\.bench\.ts$/.exec(one)?.[1] ?? []);
}

export function benchCommand(): Command {
  return new Command('bench')
    .description('measure: without a name, everything')
    .argument('[name]', 'one measurement')
    .argument('[argv...]', 'its own arguments; --help after the name explains them')
    .addHelpText('after', () => `\nMeasurements: ${names().join(', ')}`)
    .passThroughOptions()
    .action(async (name: string | undefined, argv: string[]) => {
      const known = names();
      if (known.length === 0)
        throw new CliError(`there are no measurements here: ${directory} is missing`, ExitCode.usage);
      if (name !== undefined && !known.includes(name))
        throw new CliError(`no bench "${name}"; there are: ${known.join(', ')}`, ExitCode.usage);
      const files = name === undefined ? ['main.ts'] : ['run.ts', `${name}.bench.ts`];
      process.exitCode = await runInForeground([
        process.execPath,
        '--disable-warning=ExperimentalWarning',
        ...files.map((file) => `${directory}/${file}`),
        ...argv,
      ]);
    });
}
