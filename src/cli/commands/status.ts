import { Command } from 'commander';
import type { MeshStatus } from '../../observe/mesh-status.ts';
import { ExitCode } from '../cli-error.ts';
import { print } from '../output.ts';
import { isHealthy, statusView } from '../status-view.ts';
import { connect, type TargetOptions, withTarget } from '../target.ts';

export function statusCommand(): Command {
  return withTarget(new Command('status').description('how the mesh is, as seen by one controller'))
    .option('--check', 'end with code 1 when a link, an engine or the set-up needs somebody')
    .action(async (options: TargetOptions & { check?: boolean }) => {
      const status = await (await connect(options)).get<MeshStatus>('/mesh');
      print(options.json, status, statusView);
      if (options.check === true && !isHealthy(status)) process.exitCode = ExitCode.failure;
    });
}
