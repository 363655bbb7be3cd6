import { Command } from 'commander';
import { CliError, ExitCode, RefusedError } from '../cli-error.ts';
import { print, table } from '../output.ts';
import { parseRows } from '../peering-file.ts';
import {
  connect,
  controllerNumber,
  readInput,
  type TargetOptions,
  wholeNumber,
  withTarget,
} from '../target.ts';
import { clientAddressVerb } from './drain.ts';

interface Peer {
  readonly id: number;
  readonly overlay_ipaddress?: string;
  readonly self?: boolean;
  readonly not_set?: boolean;
  readonly address?: string;
  readonly mtu?: string;
  readonly reachable?: boolean;
}

interface Peers {
  readonly id?: number;
  readonly managers: Readonly<Record<string, Peer>>;
}

export function peersView({ id, managers }: Peers): string[] {
  const head =
    id === undefined || id === null ? 'This instance: no id yet' : `This instance: controller ${id}`;
  const rows = Object.values(managers).map((peer) => [
    String(peer.id),
    peer.overlay_ipaddress ?? '-',
    peer.self ? 'this instance' : peer.not_set ? '-' : (peer.address ?? '-'),
    peer.mtu ?? '-',
    peer.self || peer.not_set ? '-' : peer.reachable ? 'up' : 'not up',
  ]);
  return [head, ...table(['id', 'overlay', 'address', 'MTU', 'link'], rows)];
}

const show = withTarget(new Command('show').description('show the rows of the peering table')).action(
  async (options: TargetOptions) => {
    print(options.json, await (await connect(options)).get<Peers>('/peering'), peersView);
  },
);

const self = withTarget(new Command('self').description("set this instance's id"))
  .argument('<id>', 'the id of this controller in the topology', controllerNumber)
  .action(async (id: number, options: TargetOptions) => {
    print(
      options.json,
      await (await connect(options)).put<Peers>('/peering/self', { id, force: true }),
      peersView,
    );
  });

const set = withTarget(new Command('set').description('set the row of a peer'))
  .argument('<id>', 'the id of the peer', controllerNumber)
  .argument('<address>', 'where this controller reaches it: an IP address or a name')
  .option('--mtu <bytes>', 'largest packet on the way, 500 to 4800', wholeNumber)
  .action(async (id: number, address: string, options: TargetOptions & { mtu?: number }) => {
    const client = await connect(options);
    const before = await client.get<Peers>('/peering');
    const row = { name: address, overlay_mtu: options.mtu, force: true };
    const exists = before.managers[id] !== undefined && before.managers[id].not_set !== true;
    const after = exists
      ? client.put<Peers>(`/peering/peers/${id}`, row)
      : client.post<Peers>('/peering/peers', { id, ...row });
    const asEntered = (error: unknown) => {
      throw error instanceof RefusedError ? error.calling('name', 'address') : error;
    };
    print(options.json, await after.catch(asEntered), peersView);
  });

const unset = withTarget(new Command('unset').description('remove the row of a peer; its link goes down'))
  .argument('<id>', 'the id of the peer', controllerNumber)
  .action(async (id: number, options: TargetOptions) => {
    print(options.json, await (await connect(options)).delete<Peers>(`/peering/peers/${id}`), peersView);
  });

const apply = withTarget(
  new Command('apply').description('make the whole table as a file says, in one step: id and all rows'),
)
  .argument('<file>', 'lines `self 1` and `2 203.0.113.7 [mtu]`, or JSON; - reads standard input')
  .action(async (file: string, options: TargetOptions) => {
    const rows = parseRows(readInput(file));
    if (rows.rows.length === 0 && rows.self === null)
      throw new CliError(`${file} has no rows`, ExitCode.usage);
    const client = await connect(options);
    const self = rows.self ?? (await client.get<{ self: number | null }>('/mesh/peering')).self;
    if (self === null)
      throw new CliError('this instance has no id yet: the file needs a line `self <id>`', ExitCode.usage);
    await client.put('/mesh/peering', { self, peers: rows.rows });
    print(options.json, await client.get<Peers>('/peering'), peersView);
  });

export function peeringCommand(): Command {
  const command = new Command('peering').description(
    'who the other controllers are and where they are reached',
  );
  for (const verb of [show, self, set, unset, apply, clientAddressVerb]) command.addCommand(verb);
  return command;
}
