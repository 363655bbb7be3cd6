import { Command } from 'commander';
import { type Credentials, credentialLines, ownAddress } from '../credentials-view.ts';
import { print } from '../output.ts';
import { connect, type TargetOptions } from '../target.ts';

export function credentialsCommand(): Command {
  return new Command('credentials')
    .description("where this machine's API is, and its generated password, which is told once")
    .option('--reset', 'replace the API password by a new random one and show it')
    .option('--json', 'print what the API said as JSON')
    .action(async ({ reset, json }: TargetOptions & { reset?: boolean }) => {
      const client = await connect({});
      const credentials = reset
        ? await client.post<Credentials>('/local/credentials/reset')
        : await client.get<Credentials>('/local/credentials');
      const address = await ownAddress(client);
      print(json, credentials, (told) => credentialLines(told, address));
    });
}
