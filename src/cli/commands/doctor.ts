import { Command } from 'commander';
import type { DoctorCheck } from '../../observe/doctor-check.ts';
import { CliError, ExitCode, RefusedError } from '../cli-error.ts';
import { machineChecks } from '../machine-check.ts';
import { print } from '../output.ts';
import { connect, type TargetOptions, withTarget } from '../target.ts';

const MARK: Record<DoctorCheck['state'], string> = { ok: 'ok', warn: 'note', fail: 'BAD', unknown: '?' };

export function checkLines(checks: readonly DoctorCheck[]): string[] {
  return checks.flatMap(({ state, name, text, remedy }) => [
    `${MARK[state].padEnd(5)} ${name}: ${text}`,
    ...(state === 'ok' || remedy === '' ? [] : [`      ${remedy}`]),
  ]);
}

/** The controller's own examination; a controller that does not answer is a finding, not an error. */
async function controllerChecks(options: TargetOptions): Promise<DoctorCheck[]> {
  try {
    return await (await connect(options)).get<DoctorCheck[]>('/mesh/doctor', { timeoutMs: 30_000 });
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const refused = error instanceof RefusedError;
    const remedy = refused ? '' : 'Start it: `meshwright serve`, or the systemd units.';
    return [{ name: 'controller', state: refused ? 'unknown' : 'fail', text: error.message, remedy }];
  }
}

export function doctorCommand(): Command {
  return withTarget(
    new Command('doctor').description('look for what keeps this machine or the mesh from working'),
  ).action(async (options: TargetOptions) => {
    const elsewhere = options.url !== undefined || options.lab !== undefined;
    const checks = [...(elsewhere ? [] : await machineChecks()), ...(await controllerChecks(options))];
    print(options.json, checks, checkLines);
    if (checks.some(({ state }) => state === 'fail')) process.exitCode = ExitCode.failure;
  });
}
