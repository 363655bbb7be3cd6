import { type Command, InvalidArgumentError } from 'commander';
import { print } from '../../output.ts';
import { type TargetOptions, withTarget } from '../../target.ts';

/** Options of every command that changes the firewall. */
export interface CarefulOptions extends TargetOptions {
  confirm?: number | true;
  dryRun?: boolean;
}

interface DryRun {
  readonly dry_run: true;
  readonly changes: readonly string[];
  readonly problems: readonly string[];
  readonly tests: readonly { name: string; expect: string; got: string | null; detail: string }[];
  readonly cut: readonly string[];
}

const DEFAULT_CONFIRM = 60;

export function carefully(command: Command): Command {
  return withTarget(command)
    .option(
      '--confirm [seconds]',
      `undo the change unless \`firewall confirm\` comes within this time (${DEFAULT_CONFIRM})`,
      seconds,
    )
    .option('--dry-run', 'change nothing; tell what would change, which tests fail and which flows are cut');
}

export function seconds(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 5 || value > 3600)
    throw new InvalidArgumentError('between 5 and 3600 seconds are needed.');
  return value;
}

/** The query that says how careful a change has to be; it may follow other parameters. */
export function careQuery({ confirm, dryRun }: CarefulOptions, more: Record<string, string> = {}): string {
  const parameters = new URLSearchParams(more);
  if (confirm !== undefined) parameters.set('confirm', String(confirm === true ? DEFAULT_CONFIRM : confirm));
  if (dryRun) parameters.set('dry_run', 'true');
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

/** Prints what a change led to, or what it would lead to; and says that it waits for a confirmation. */
export function printChange<T>(
  options: CarefulOptions,
  answer: T,
  human: (answer: T) => string | string[],
): void {
  print(options.json, answer, (value) => {
    if (options.dryRun) return dryRunView(value as DryRun);
    const lines = [human(value)].flat();
    if (options.confirm === undefined) return lines;
    const time = options.confirm === true ? DEFAULT_CONFIRM : options.confirm;
    return [...lines, `Undone in ${time} s unless you run: meshwright firewall confirm`];
  });
}

export function dryRunView({ changes, problems, tests, cut }: DryRun): string[] {
  const failed = tests.filter(({ expect, got }) => expect !== got);
  return [
    'Nothing was changed. It would be:',
    ...(changes.length > 0 ? changes : ['no change at all']).map((line) => `  ${line}`),
    ...problems.map((line) => `  refused: ${line}`),
    ...failed.map(
      ({ name, expect, got }) => `  test fails: ${name} must ${expect}, would ${got ?? 'not run'}`,
    ),
    ...(tests.length > 0 && failed.length === 0 ? [`  all ${tests.length} rule tests pass`] : []),
    ...(cut.length > 0 ? ['Live flows that it would cut:', ...cut.map((flow) => `  ${flow}`)] : []),
  ];
}
