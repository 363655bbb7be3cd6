import { Argument, Command } from 'commander';
import { CliError, ExitCode } from '../cli-error.ts';
import { ago, print, table } from '../output.ts';
import { askSecret } from '../secret.ts';
import { connect, readSecretFile, type TargetOptions, withTarget } from '../target.ts';

interface User {
  readonly name: string;
  readonly role: string;
  readonly disabled: boolean;
  readonly second_factor: boolean;
  readonly login: string;
  readonly last_login_at: number | null;
}

interface ChangeOptions extends TargetOptions {
  role?: string;
  rename?: string;
  newPassword?: boolean;
  newPasswordFile?: string;
  disable?: boolean;
  enable?: boolean;
  resetSecondFactor?: boolean;
  mustChange?: boolean;
}

const ROLE = 'admin, operator or viewer';

export function usersView(users: readonly User[]): string[] {
  if (users.length === 0) return ['No users: the console was not set up'];
  const rows = users.map((one) => [
    one.name,
    one.disabled ? `${one.role}, disabled` : one.role,
    one.login,
    one.second_factor ? 'yes' : 'no',
    one.last_login_at === null ? 'never' : `${ago(Date.now() - one.last_login_at)} ago`,
  ]);
  return table(['name', 'role', 'login', 'second factor', 'last login'], rows);
}

const userLine = (user: User) => usersView([user]);

/** Never an argument: every user of a machine can read the arguments of every process. */
async function newPassword({ newPasswordFile }: ChangeOptions): Promise<string> {
  if (newPasswordFile !== undefined) return readSecretFile(newPasswordFile);
  const how = 'give --new-password-file';
  const password = await askSecret('Password of the user', how);
  if ((await askSecret('Again', how)) !== password)
    throw new CliError('the two are not equal', ExitCode.usage);
  return password;
}

const list = withTarget(new Command('list').description('list users')).action(
  async (options: TargetOptions) => {
    print(options.json, await (await connect(options)).get<User[]>('/mesh/users'), usersView);
  },
);

const add = withTarget(new Command('add').description('make a user of console and API'))
  .argument('<name>')
  .addArgument(new Argument('<role>', ROLE).choices(['admin', 'operator', 'viewer']))
  .option('--new-password-file <file>', 'his password (else a prompt)')
  .option('--must-change', 'he chooses a password of his own at the first login')
  .action(async (name: string, role: string, options: ChangeOptions) => {
    const password = await newPassword(options);
    const client = await connect(options);
    const body = { name, role, password, must_change: options.mustChange };
    print(options.json, await client.post<User>('/mesh/users', body), userLine);
  });

const change = withTarget(new Command('change').description('change a user'))
  .argument('<name>')
  .option('--role <role>', ROLE)
  .option('--rename <name>', 'another name')
  .option('--new-password', 'ask for a new password')
  .option('--new-password-file <file>', 'a new password from a file')
  .option('--disable', 'lets him in no more')
  .option('--enable', 'lets him in again')
  .option('--reset-second-factor', 'for somebody who lost it')
  .action(async (name: string, options: ChangeOptions) => {
    const { role, rename, disable, enable } = options;
    if (disable && enable) throw new CliError('either --disable or --enable', ExitCode.usage);
    const wantsPassword = options.newPassword || options.newPasswordFile !== undefined;
    const password = wantsPassword ? await newPassword(options) : undefined;
    const client = await connect(options);
    const path = `/mesh/users/${encodeURIComponent(name)}`;
    if (options.resetSecondFactor) await client.delete(`${path}/second-factor`);
    const disabled = disable ? true : enable ? false : undefined;
    print(options.json, await client.put<User>(path, { role, name: rename, password, disabled }), userLine);
  });

const remove = withTarget(new Command('delete').description('remove a user, his sessions and his tokens'))
  .argument('<name>')
  .action(async (name: string, options: TargetOptions) => {
    const client = await connect(options);
    print(options.json, await client.delete<User[]>(`/mesh/users/${encodeURIComponent(name)}`), usersView);
  });

export function userCommand(): Command {
  const command = new Command('user').description('users of console and API, and what they may do');
  for (const verb of [list, add, change, remove]) command.addCommand(verb);
  return command;
}
