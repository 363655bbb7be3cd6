import { Argument, Command } from 'commander';
import type { NativePack, NativePackDetail } from '../../api/resources/mesh-clientpack-shape.ts';
import { CliError, ExitCode } from '../cli-error.ts';
import type { Client } from '../client.ts';
import { print } from '../output.ts';
import { packsView, packView } from '../pack-view.ts';
import { connect, controllerNumber, type TargetOptions, withTarget } from '../target.ts';
import { followTask } from '../task.ts';
import { downloadVerb, qrVerb } from './clientpack-files.ts';
import { weightVerb } from './drain.ts';

const PACK = 'name of the clientpack (100_127_255_193), or its overlay address';

/** Both forms of a name, because people have addresses at hand. */
export const packArgument = (text: string): string => text.replaceAll('.', '_');
const packArguments = (text: string, before: readonly string[] = []): string[] => [
  ...before,
  packArgument(text),
];

interface Selection extends TargetOptions {
  all?: boolean;
}

async function selected(
  client: Client,
  names: readonly string[] | undefined,
  all?: boolean,
): Promise<string[]> {
  if (all) return (await client.get<NativePack[]>('/mesh/clientpacks')).map(({ name }) => name);
  if (!names || names.length === 0) throw new CliError('name a clientpack, or give --all', ExitCode.usage);
  return [...names];
}

const list = withTarget(new Command('list').description('list clientpacks with their clients'))
  .option('--search <text>', 'only those whose name, address or tags contain this')
  .option('--connected', 'only those whose client is attached')
  .option('--free', 'only those that can be handed out')
  .action(async (options: TargetOptions & { search?: string; connected?: boolean; free?: boolean }) => {
    const packs = await (await connect(options)).get<NativePack[]>('/mesh/clientpacks');
    const wanted = packs.filter(
      (pack) =>
        (!options.connected || pack.client !== null) &&
        (!options.free || (!pack.checked_out && pack.enabled && pack.ready)) &&
        (!options.search || textOf(pack).includes(options.search.toLowerCase())),
    );
    print(options.json, wanted, (some) => packsView(some));
  });

const textOf = ({ name, address, tags }: NativePack): string =>
  [name, address, ...Object.entries(tags).flat()].join(' ').toLowerCase();

const show = withTarget(new Command('show').description('show one clientpack, its client and its history'))
  .argument('<pack>', PACK, packArgument)
  .action(async (name: string, options: TargetOptions) => {
    const pack = await (await connect(options)).get<NativePackDetail>(`/mesh/clientpacks/${name}`);
    print(options.json, pack, (one) => packView(one));
  });

function bulkVerb(name: string, description: string, change: object): Command {
  return withTarget(new Command(name).description(description))
    .argument('[packs...]', PACK, packArguments)
    .option('--all', 'all clientpacks')
    .action(async (names: string[] | undefined, options: Selection) => {
      const client = await connect(options);
      const packs = await client.put<NativePack[]>('/mesh/clientpacks', {
        names: await selected(client, names, options.all),
        ...change,
      });
      print(options.json, packs, (some) => packsView(some));
    });
}

const next = withTarget(
  new Command('next').description('check out the next free clientpack and print its name'),
)
  .option('--low <address>', 'lowest overlay address that will do')
  .option('--high <address>', 'highest overlay address that will do')
  .option('--include-disabled', 'disabled ones will do as well')
  .action(async (options: TargetOptions & { low?: string; high?: string; includeDisabled?: boolean }) => {
    const client = await connect(options);
    const pack = await client.post<{ name: string }>('/clientpacks/next_available', {
      low_ip: options.low,
      high_ip: options.high,
      include_disabled: options.includeDisabled ?? false,
    });
    print(options.json, pack, ({ name }) => name);
  });

const regenerate = withTarget(
  new Command('regenerate').description('make new credentials; the old ones are refused everywhere'),
)
  .argument('[packs...]', PACK, packArguments)
  .option('--all', 'all clientpacks')
  .action(async (names: string[] | undefined, options: Selection) => {
    const client = await connect(options);
    const chosen = await selected(client, names, options.all);
    const { token } = await client.post<{ token: string }>('/mesh/clientpacks/regenerate', { names: chosen });
    await followTask(client, token);
    print(options.json, { regenerated: chosen }, () => `New credentials: ${chosen.join(', ')}`);
  });

const tag = withTarget(new Command('tag').description('set or remove a tag'))
  .argument('<pack>', PACK, packArgument)
  .argument('<key>', 'letters, digits, - and _')
  .argument('[value]', 'one line of text', '')
  .option('--remove', 'remove the tag')
  .action(async (name: string, key: string, value: string, options: TargetOptions & { remove?: boolean }) => {
    const client = await connect(options);
    const path = `/clientpack/${name}`;
    const tags = options.remove
      ? await client.call<{ tags: Record<string, string> }>('DELETE', path, { json: { key } })
      : await client.post<{ tags: Record<string, string> }>(path, { key, value });
    print(options.json, tags, (one) => Object.entries(one.tags).map(([tagKey, text]) => `${tagKey}=${text}`));
  });

const grant = withTarget(
  new Command('grant').description('let an HA client announce networks; without networks: none any more'),
)
  .argument('<pack>', PACK, packArgument)
  .argument('[networks...]', 'e.g. 10.20.0.0/16')
  .action(async (name: string, networks: string[] | undefined, options: TargetOptions) => {
    const client = await connect(options);
    const pack = await client.put<NativePackDetail>(`/mesh/clientpacks/${name}/networks`, {
      networks: networks ?? [],
    });
    print(options.json, pack, (one) => packView(one));
  });

const reset = withTarget(new Command('reset').description('end sessions; the clients may come back at once'))
  .argument('[packs...]', PACK, packArguments)
  .option('--all', 'all clients')
  .action(async (names: string[] | undefined, options: Selection) => {
    const client = await connect(options);
    if (options.all) {
      const done = await client.post<{ resetting: string[] }>('/clients/reset_all');
      print(
        options.json,
        done,
        ({ resetting }) => `Reset: ${resetting.join(', ') || 'nobody was connected'}`,
      );
      return;
    }
    const done: object[] = [];
    const chosen = await selected(client, names);
    for (const name of chosen) done.push(await client.post<object>('/client/reset', { name }));
    print(options.json, done, () => `Reset: ${chosen.join(', ')}`);
  });

const add = withTarget(new Command('add').description('add clients with these addresses, within the licence'))
  .argument('<addresses...>', 'overlay addresses that nobody has')
  .action(async (addresses: string[], options: TargetOptions) => {
    const client = await connect(options);
    const token = await client.post<string>('/clientpacks/add_clientpacks', {
      requested_ips: addresses.join(','),
    });
    await followTask(client, token);
    print(options.json, { added: addresses }, () => `Added: ${addresses.join(', ')}`);
  });

const takeover = withTarget(
  new Command('takeover').description("take over a dead controller's share of the free clientpacks"),
)
  .addArgument(new Argument('<id>', 'the controller that is gone for good').argParser(controllerNumber))
  .action(async (id: number, options: TargetOptions) => {
    const client = await connect(options);
    const result = await client.post<{ taken: number }>(`/mesh/controllers/${id}/take-over-packs`);
    print(options.json, result, ({ taken }) => `${taken} clientpacks are this controller's now`);
  });

export function clientpackCommand(): Command {
  const command = new Command('clientpack').description('credentials and addresses of overlay clients');
  for (const verb of [
    list,
    show,
    downloadVerb,
    bulkVerb('enable', 'let clients in again', { enabled: true }),
    bulkVerb('disable', 'keep clients out; live sessions end', { enabled: false }),
    bulkVerb('checkout', 'mark as handed out', { checked_out: true }),
    bulkVerb('return', 'mark as free again', { checked_out: false }),
    next,
    regenerate,
    tag,
    grant,
    reset,
    qrVerb,
    add,
    takeover,
    weightVerb,
  ])
    command.addCommand(verb);
  return command;
}
