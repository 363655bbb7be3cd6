import { Argument, Command } from 'commander';
import { CliError } from '../cli-error.ts';
import type { Client } from '../client.ts';
import { print, table } from '../output.ts';
import { connect, controllerNumber, type TargetOptions, wholeNumber, withTarget } from '../target.ts';

interface ForClients {
  readonly id: number;
  readonly self: boolean;
  readonly client_address: string | null;
  readonly weight: number;
  readonly drained: boolean;
  readonly clients: number;
  readonly packs_free: number;
}

export function controllersView(controllers: readonly ForClients[]): string[] {
  const rows = controllers.map((one) => [
    `${one.id}${one.self ? ' (this)' : ''}`,
    one.client_address ?? '-',
    one.drained ? 'drained' : 'takes clients',
    String(one.weight),
    String(one.clients),
    String(one.packs_free),
  ]);
  return table(['id', 'client address', 'state', 'weight', 'clients', 'free packs'], rows);
}

async function idOr(client: Client, id: number | undefined): Promise<number> {
  if (id !== undefined) return id;
  const self = (await client.get<{ self: number | null }>('/mesh/peering')).self;
  if (self === null) throw new CliError('this instance has no id yet; name a controller');
  return self;
}

function verb(name: string, description: string, drained: boolean): Command {
  return withTarget(new Command(name).description(description))
    .addArgument(
      new Argument('[id]', 'the controller (default: the one that is asked)').argParser(controllerNumber),
    )
    .action(async (id: number | undefined, options: TargetOptions) => {
      const client = await connect(options);
      const path = `/mesh/controllers/${await idOr(client, id)}`;
      print(options.json, await client.put<ForClients[]>(path, { drained }), controllersView);
    });
}

export const drainCommand = () =>
  verb('drain', 'move clients and transit away from a controller, so that it can be stopped', true);
export const undrainCommand = () =>
  verb('undrain', 'let a drained controller take clients and transit again', false);

export const weightVerb = withTarget(
  new Command('weight').description("set a controller's share of new clients, or show all"),
)
  .addArgument(new Argument('[id]', 'the controller').argParser(controllerNumber))
  .addArgument(new Argument('[weight]', '0 to 100; 0 is a last resort').argParser(wholeNumber))
  .action(async (id: number | undefined, weight: number | undefined, options: TargetOptions) => {
    const client = await connect(options);
    const controllers =
      weight === undefined
        ? await client.get<ForClients[]>('/mesh/controllers')
        : await client.put<ForClients[]>(`/mesh/controllers/${id}`, { weight });
    print(options.json, controllers, controllersView);
  });

export const clientAddressVerb = withTarget(
  new Command('client-address').description('say where clients reach this controller, or show all'),
)
  .argument('[address]', 'IP address or DNS name; "" for the address of the machine')
  .action(async (address: string | undefined, options: TargetOptions) => {
    const client = await connect(options);
    const controllers =
      address === undefined
        ? await client.get<ForClients[]>('/mesh/controllers')
        : await client.put<ForClients[]>('/mesh/client-address', { client_address: address });
    print(options.json, controllers, controllersView);
  });
