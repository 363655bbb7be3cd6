import { Command } from 'commander';
import { type Credentials, credentialLines } from '../credentials-view.ts';
import { print } from '../output.ts';
import { connect, type TargetOptions } from '../target.ts';

export function credentialsCommand(): Command {
  return new Command('credentials')
    .description("where this machine's API is, and its first password while nobody has changed it")
    .option('--json', 'print what the API said as JSON')
    .action(async (options: TargetOptions) => {
      print(
        options.json,
        await (await connect(options)).get<Credentials>('/local/credentials'),
        credentialLines,
      );
    });
}
