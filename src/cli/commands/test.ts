import { spawn } from 'node:child_process';
import { Command } from 'commander';
import { ExitCode } from '../cli-error.ts';
import { type Count, countOf, type Step, stepsOf, type Tier, tiers } from '../test-plan.ts';

/** Runs every step, also after one failed: a developer wants the whole picture of one run. */
async function runAll(steps: readonly Step[]): Promise<void> {
  const counts: Count[] = [];
  const failed: string[] = [];
  for (const step of steps) {
    process.stdout.write(`\n== ${step.name}: ${step.argv.join(' ')}\n`);
    const { output, code } = await run(step.argv);
    counts.push(countOf(output, code));
    if (code !== 0) failed.push(step.name);
  }
  const sum = (key: keyof Count) => counts.reduce((total, count) => total + count[key], 0);
  if (failed.length > 0) process.stdout.write(`\nfailed: ${failed.join(', ')}\n`);
  process.stdout.write(`\n${sum('passed')} passed, ${sum('failed')} failed\n`);
  if (failed.length > 0) process.exitCode = ExitCode.failure;
}

/** Shows a program's output as it comes and keeps it for counting. */
function run(argv: readonly string[]): Promise<{ output: string; code: number }> {
  return new Promise((resolve) => {
    const child = spawn(argv[0]!, argv.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      process.stdout.write(chunk);
    });
    child.on('error', (error) => resolve({ output: error.message, code: 1 }));
    child.on('close', (code) => resolve({ output, code: code ?? 1 }));
  });
}

export function testCommand(): Command {
  return new Command('test')
    .description('run the tests: all of them, or the named parts')
    .option('--check', 'types and style')
    .option('--unit', 'unit tests; need no root')
    .option('--e2e', 'end-to-end tests in network namespaces')
    .option('--browser', 'the console in Chromium')
    .argument('[filter...]', 'names of test files')
    .action((filter: string[], options: Partial<Record<Tier, boolean>>) => {
      const chosen = tiers.filter((tier) => options[tier]);
      return runAll((chosen.length > 0 ? chosen : tiers).flatMap((tier) => stepsOf(tier, filter)));
    });
}
