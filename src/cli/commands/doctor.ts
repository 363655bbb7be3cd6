import { Command } from 'commander';
import { CliError, ExitCode, RefusedError, UnreachableError } from '../cli-error.ts';
import { type Finding, machineFindings } from '../machine-check.ts';
import { print } from '../output.ts';
import { connect, type TargetOptions, withTarget } from '../target.ts';

const MARK = { ok: 'ok  ', warning: 'note', failure: 'BAD ' } as const;

export function findingLines(findings: readonly Finding[]): string[] {
  return findings.flatMap(({ level, text, remedy }) => [
    `${MARK[level]}  ${text}`,
    ...(level === 'ok' || remedy === undefined ? [] : [`      ${remedy}`]),
  ]);
}

/** The controller's own examination. Its findings have the same form; other words for a level are notes. */
async function controllerFindings(options: TargetOptions): Promise<Finding[]> {
  try {
    const answer = await (await connect(options)).get<{ findings?: Finding[]; checks?: Finding[] }>(
      '/mesh/doctor',
      {
        timeoutMs: 30_000,
      },
    );
    const found = Array.isArray(answer) ? (answer as Finding[]) : (answer.findings ?? answer.checks ?? []);
    return found.map((one) => ({ ...one, level: one.level in MARK ? one.level : 'warning' }));
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const remedy =
      error instanceof UnreachableError ? 'Start it: `meshwright serve`, or the systemd units.' : undefined;
    const level = error instanceof RefusedError ? 'warning' : 'failure';
    return [{ code: 'controller', level, text: error.message, ...(remedy === undefined ? {} : { remedy }) }];
  }
}

export function doctorCommand(): Command {
  return withTarget(
    new Command('doctor').description('look for what keeps this machine or the mesh from working'),
  ).action(async (options: TargetOptions) => {
    const elsewhere = options.url !== undefined || options.lab !== undefined;
    const findings = [...(elsewhere ? [] : await machineFindings()), ...(await controllerFindings(options))];
    print(options.json, findings, findingLines);
    if (findings.some(({ level }) => level === 'failure')) process.exitCode = ExitCode.failure;
  });
}
