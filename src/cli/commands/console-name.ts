import { Command } from 'commander';
import type { ConsoleHosts } from '../../api/resources/admin-ui.ts';
import { CliError } from '../cli-error.ts';
import { print, table } from '../output.ts';
import { connect, type TargetOptions, withTarget } from '../target.ts';

const PATH = '/mesh/console-hosts';

export function namesView({ hosts, built_in }: ConsoleHosts): string[] {
  const rows = [
    ...built_in.map((name) => [name, "the machine's own or its certificate's"]),
    ...hosts.map((name) => [name, 'added']),
  ];
  return [...table(['name', 'why'], rows), 'Addresses of this machine are always allowed.'];
}

/** As the controller keeps names, so that `Mesh.Example.` is the one that was added. */
const plain = (name: string): string => name.trim().toLowerCase().replace(/\.$/, '');

export function without({ hosts, built_in }: ConsoleHosts, names: readonly string[]): string[] {
  const gone = names.map(plain);
  for (const name of gone) {
    if (hosts.includes(name)) continue;
    throw new CliError(
      built_in.includes(name)
        ? `${name} is the name of the machine or of its certificate and goes with that`
        : `${name} was not added; \`meshwright console-name list\` shows the names`,
    );
  }
  return hosts.filter((name) => !gone.includes(name));
}

const list = withTarget(
  new Command('list').description('list the names under which browsers may open the console'),
).action(async (options: TargetOptions) => {
  print(options.json, await (await connect(options)).get<ConsoleHosts>(PATH), namesView);
});

const add = withTarget(new Command('add').description('let browsers open the console under another name'))
  .argument('<name...>', 'names that lead to this controller, e.g. mesh.example.net')
  .action(async (names: string[], options: TargetOptions) => {
    const client = await connect(options);
    const { hosts } = await client.get<ConsoleHosts>(PATH);
    const changed = await client.put<ConsoleHosts>(PATH, { hosts: [...hosts, ...names] });
    print(options.json, changed, namesView);
  });

const remove = withTarget(new Command('remove').description('take a name back that was added'))
  .argument('<name...>', 'names as the list shows them')
  .action(async (names: string[], options: TargetOptions) => {
    const client = await connect(options);
    const hosts = without(await client.get<ConsoleHosts>(PATH), names);
    print(options.json, await client.put<ConsoleHosts>(PATH, { hosts }), namesView);
  });

export function consoleNameCommand(): Command {
  const command = new Command('console-name').description('names under which browsers may open the console');
  for (const verb of [list, add, remove]) command.addCommand(verb);
  return command;
}
