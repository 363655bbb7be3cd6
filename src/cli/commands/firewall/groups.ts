import { Command } from 'commander';
import { print, table } from '../../output.ts';
import { connect, type TargetOptions, withTarget } from '../../target.ts';
import { type CarefulOptions, carefully, careQuery, printChange } from './careful.ts';

interface Group {
  readonly name: string;
  readonly description: string;
  readonly size: number;
  readonly sync_mesh?: boolean;
}

const GROUPS = '/v2/firewall/rules-groups';
const pathOf = (name: string) => `${GROUPS}/${encodeURIComponent(name)}`;

export function groupsView(groups: readonly Group[]): string[] {
  if (groups.length === 0) return ['No groups'];
  const rows = groups.map(({ name, size, sync_mesh, description }) => [
    name,
    String(size),
    sync_mesh ? 'yes' : 'no',
    description,
  ]);
  return table(['name', 'rules', 'shared', 'description'], rows);
}

const list = withTarget(new Command('list').description('list groups of rules')).action(
  async (options: TargetOptions) => {
    print(options.json, await (await connect(options)).get<Group[]>(GROUPS), groupsView);
  },
);

const create = carefully(new Command('create').description('create a group'))
  .argument('<name>')
  .option('--description <text>', 'what it is for')
  .option('--sync', 'share its rules with every controller of the topology')
  .action(async (name: string, options: CarefulOptions & { description?: string; sync?: boolean }) => {
    const client = await connect(options);
    const body = { name, description: options.description, sync_mesh: options.sync };
    printChange(options, await client.post<Group>(`${GROUPS}${careQuery(options)}`, body), (one) =>
      groupsView([one]),
    );
  });

const sync = carefully(
  new Command('sync').description('share the rules of a group with every controller, or stop it'),
)
  .argument('<name>')
  .option('--off', 'the other controllers lose the rules, this one keeps them')
  .action(async (name: string, options: CarefulOptions & { off?: boolean }) => {
    const client = await connect(options);
    const url = `${pathOf(name)}${careQuery(options)}`;
    printChange(options, await client.put<Group>(url, { sync_mesh: !options.off }), (one) =>
      groupsView([one]),
    );
  });

const remove = carefully(new Command('delete').description('delete a group; its rules stay'))
  .argument('<name>')
  .action(async (name: string, options: CarefulOptions) => {
    const client = await connect(options);
    const gone = await client.delete<Group>(`${pathOf(name)}${careQuery(options)}`);
    printChange(options, gone, (group) => `Deleted group ${group.name}`);
  });

export function groupsCommand(): Command {
  const command = new Command('groups').description('groups of rules');
  for (const verb of [list, create, sync, remove]) command.addCommand(verb);
  return command;
}
