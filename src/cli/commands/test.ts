import { Argument, Command } from 'commander';
import { ExitCode } from '../cli-error.ts';
import { runInForeground } from '../foreground.ts';
import { type Step, stepsOf, tiers } from '../test-plan.ts';

/** Runs every step, also after one failed: a developer wants the whole picture of one run. */
async function runAll(steps: readonly Step[]): Promise<void> {
  const failed: string[] = [];
  for (const step of steps) {
    process.stderr.write(`\n== ${step.name}: ${step.argv.join(' ')}\n`);
    if ((await runInForeground(step.argv)) !== 0) failed.push(step.name);
  }
  process.stderr.write(failed.length === 0 ? '\nall passed\n' : `\nfailed: ${failed.join(', ')}\n`);
  if (failed.length > 0) process.exitCode = ExitCode.failure;
}

export function testCommand(): Command {
  return new Command('test')
    .description('run the tests: all of them, or one tier')
    .addArgument(new Argument('[tier]', 'which tests').choices(tiers).default('all'))
    .argument('[filter...]', 'names of test files')
    .action((tier: (typeof tiers)[number], filter: string[]) => runAll(stepsOf(tier, filter)));
}
