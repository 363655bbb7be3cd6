import { Command, Option } from 'commander';
import { print, table } from '../../output.ts';
import { connect, type TargetOptions, withTarget } from '../../target.ts';
import { type CarefulOptions, carefully, careQuery, printChange } from './careful.ts';

interface FwSet {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly size: number;
  readonly sync_mesh: boolean;
  readonly entries: readonly { entry: string; comment: string; entry_resolved: string }[];
}

const SETS = '/v2/firewall/fwsets';
const pathOf = (name: string) => `${SETS}/${encodeURIComponent(name)}`;

export function setsView(sets: readonly FwSet[]): string[] {
  if (sets.length === 0) return ['No sets'];
  const rows = sets.map((set) => [
    set.name,
    set.type,
    String(set.size),
    set.sync_mesh ? 'yes' : 'no',
    set.description,
  ]);
  return table(['name', 'type', 'entries', 'shared', 'description'], rows);
}

export function setView(set: FwSet): string[] {
  const title = `${set.name} (${set.type}${set.sync_mesh ? ', shared' : ''})`;
  const rows = set.entries.map(({ entry, entry_resolved, comment }) => [
    entry,
    entry_resolved === entry ? '' : entry_resolved || 'not resolved',
    comment,
  ]);
  return rows.length === 0
    ? [title, 'No entries']
    : [title, ...table(['entry', 'stands for', 'comment'], rows)];
}

const list = withTarget(new Command('list').description('list sets')).action(
  async (options: TargetOptions) => {
    print(options.json, await (await connect(options)).get<FwSet[]>(SETS), setsView);
  },
);

const show = withTarget(new Command('show').description('show the entries of a set'))
  .argument('<name>')
  .action(async (name: string, options: TargetOptions) => {
    print(options.json, await (await connect(options)).get<FwSet>(pathOf(name)), setView);
  });

const create = carefully(new Command('create').description('create a set'))
  .argument('<name>')
  .argument(
    '[entry...]',
    'addresses, networks and host names; ports; names of sets; or services like 10.0.0.1,tcp:443',
  )
  .addOption(
    new Option('--type <type>', 'what it holds').choices(['net', 'port', 'list', 'service']).default('net'),
  )
  .option('--description <text>', 'what it is for')
  .option('--sync', 'share it with every controller of the topology')
  .action(
    async (
      name: string,
      entries: string[],
      options: CarefulOptions & { type: string; description?: string; sync?: boolean },
    ) => {
      const { type, description, sync: sync_mesh } = options;
      const client = await connect(options);
      const made = await client.post<FwSet>(`${SETS}${careQuery(options)}`, {
        name,
        type,
        description,
        entries,
        sync_mesh,
      });
      printChange(options, made, setView);
    },
  );

const add = carefully(new Command('add').description('add an entry to a set'))
  .argument('<name>')
  .argument('<entry>')
  .option('--comment <text>', 'what it is')
  .action(async (name: string, entry: string, options: CarefulOptions & { comment?: string }) => {
    const client = await connect(options);
    const body = { entry, comment: options.comment };
    printChange(
      options,
      await client.post<FwSet>(`${pathOf(name)}/entries${careQuery(options)}`, body),
      setView,
    );
  });

const remove = carefully(new Command('remove').description('remove an entry from a set'))
  .argument('<name>')
  .argument('<entry>')
  .action(async (name: string, entry: string, options: CarefulOptions) => {
    const client = await connect(options);
    const url = `${pathOf(name)}/entries${careQuery(options)}`;
    printChange(options, await client.delete<FwSet>(url, { json: { entry } }), setView);
  });

const sync = carefully(new Command('sync').description('share a set with every controller, or stop it'))
  .argument('<name>')
  .addOption(new Option('--off', 'the other controllers lose it, this one keeps it'))
  .action(async (name: string, options: CarefulOptions & { off?: boolean }) => {
    const client = await connect(options);
    const url = `${pathOf(name)}${careQuery(options)}`;
    printChange(options, await client.put<FwSet>(url, { sync_mesh: !options.off }), setView);
  });

const destroy = carefully(new Command('delete').description('delete a set'))
  .argument('<name>')
  .option('--force', 'disable the rules that use it')
  .action(async (name: string, options: CarefulOptions & { force?: boolean }) => {
    const client = await connect(options);
    const url = `${pathOf(name)}${careQuery(options, options.force ? { force: 'true' } : {})}`;
    printChange(options, await client.delete<FwSet>(url), (gone) => `Deleted set ${gone.name}`);
  });

export function setsCommand(): Command {
  const command = new Command('sets').description('sets of addresses, ports or services that rules refer to');
  for (const verb of [list, show, create, add, remove, sync, destroy]) command.addCommand(verb);
  return command;
}
