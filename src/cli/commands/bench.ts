import { existsSync, readdirSync } from 'node:fs';
import { Command } from 'commander';
import { root } from '../../programs.ts';
import { CliError, ExitCode } from '../cli-error.ts';
import { runInForeground } from '../foreground.ts';

const directory = `${root}/bench`;

/** A bench is a file bench/NAME.bench.ts or bench/NAME.ts that runs by itself. */
function fileOf(name: string): string | undefined {
  return [`${directory}/${name}.bench.ts`, `${directory}/${name}.ts`].find((one) => existsSync(one));
}

function benches(): string[] {
  if (!existsSync(directory)) return [];
  const named = readdirSync(directory).flatMap((one) => /^(.+)\.bench\.ts$/.exec(one)?.[1] ?? []);
  return existsSync(`${directory}/main.ts`) ? ['main', ...named] : named;
}

export function benchCommand(): Command {
  return new Command('bench')
    .description('measure: without a name, everything')
    .argument('[name]', 'one measurement')
    .argument('[argv...]', 'its own arguments; --help after the name explains them')
    .addHelpText('after', () => `\nMeasurements: ${benches().join(', ')}`)
    .passThroughOptions()
    .action(async (name: string | undefined, argv: string[]) => {
      const wanted = name ?? (benches().includes('main') ? 'main' : undefined);
      const files = wanted === undefined ? benches().map((one) => fileOf(one)!) : [fileOf(wanted)];
      if (files.length === 0 || files.includes(undefined)) {
        const others = benches().filter((one) => one !== 'main');
        throw new CliError(`no bench "${wanted}"; there are: ${others.join(', ') || 'none'}`, ExitCode.usage);
      }
      for (const file of files) {
        const code = await runInForeground([
          process.execPath,
          '--disable-warning=ExperimentalWarning',
          file!,
          ...argv,
        ]);
        if (code !== 0) process.exitCode = ExitCode.failure;
      }
    });
}
