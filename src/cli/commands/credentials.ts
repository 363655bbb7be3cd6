import { Command } from 'commander';
import { Lab } from '../../lab/lab.ts';
import { CliError, ExitCode } from '../cli-error.ts';
import { type Credentials, credentialLines, ownAddress } from '../credentials-view.ts';
import { print } from '../output.ts';
import { connect, controllerNumber, type TargetOptions } from '../target.ts';

export function credentialsCommand(): Command {
  return new Command('credentials')
    .description("where this machine's API is, and its generated password, which is told once")
    .option('--lab <id>', 'of a controller of the lab that runs on this machine', controllerNumber)
    .option('--reset', 'replace the API password by a new random one and show it')
    .option('--json', 'print what the API said as JSON')
    .action(async ({ reset, json, lab }: TargetOptions & { reset?: boolean }) => {
      if (reset && lab !== undefined)
        throw new CliError('the lab knows its passwords: `meshwright lab status` shows them', ExitCode.usage);
      const client = lab === undefined ? await connect({}) : Lab.attach().local(lab);
      const credentials = reset
        ? await client.post<Credentials>('/local/credentials/reset')
        : await client.get<Credentials>('/local/credentials');
      const address = await ownAddress(client);
      print(json, credentials, (told) => credentialLines(told, address));
    });
}
