import { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { print, table } from '../output.ts';
import { connect, type TargetOptions, wholeNumber, withTarget } from '../target.ts';

interface Route {
  readonly id: number;
  readonly cidr: string;
  readonly interface?: string;
  readonly gateway?: string;
  readonly description?: string;
  readonly advertise: boolean;
  readonly enabled: boolean;
  readonly metric: number;
}
type Routes = Readonly<Record<string, Route>>;

interface AddOptions extends TargetOptions {
  gateway?: string;
  interface?: string;
  description?: string;
  metric?: number;
  advertise?: boolean;
}

/** Clients of the API write an absent interface as a word. */
const given = (value: string | undefined): string =>
  value === undefined || value === '_notset' ? '-' : value;

export function routesView(routes: Routes): string[] {
  const rows = Object.values(routes).map((one) => [
    String(one.id),
    one.cidr,
    given(one.gateway),
    given(one.interface),
    String(one.metric),
    one.advertise ? 'yes' : 'no',
    one.enabled ? 'yes' : 'no',
    one.description ?? '',
  ]);
  if (rows.length === 0) return ['No routes'];
  return table(
    ['id', 'network', 'gateway', 'interface', 'metric', 'advertised', 'enabled', 'description'],
    rows,
  );
}

const list = withTarget(new Command('list').description("list the controller's routes")).action(
  async (options: TargetOptions) => {
    print(options.json, await (await connect(options)).get<Routes>('/routes'), routesView);
  },
);

const add = withTarget(new Command('add').description('add a route'))
  .argument('<cidr>', 'the network, e.g. 10.20.0.0/16')
  .option('--advertise', 'tell the other controllers: the network is reached through this one')
  .option('--gateway <address>', 'next hop outside of the mesh')
  .option('--interface <name>', 'interface of this machine, e.g. eth1')
  .option('--metric <n>', 'preference, smaller is better', wholeNumber)
  .option('--description <text>', 'what it is for')
  .action(async (cidr: string, options: AddOptions) => {
    const { gateway, interface: device, metric, description, advertise = false } = options;
    const client = await connect(options);
    const routes = await client.post<Routes>('/routes', {
      cidr,
      advertise,
      description: description ?? '',
      gateway,
      interface: device,
      metric,
    });
    print(options.json, routes, routesView);
  });

const remove = withTarget(new Command('delete').description('delete a route'))
  .argument('<id or cidr>', 'the id of the route, or its network when only one route has it')
  .action(async (which: string, options: TargetOptions) => {
    const client = await connect(options);
    const id = /^\d+$/.test(which) ? which : idOf(which, await client.get<Routes>('/routes'));
    print(options.json, await client.delete<Routes>(`/routes/${id}`), routesView);
  });

function idOf(cidr: string, routes: Routes): string {
  const found = Object.values(routes).filter((one) => one.cidr === cidr);
  if (found.length === 1) return String(found[0]!.id);
  throw new CliError(
    found.length === 0 ? `no route to ${cidr}` : `${found.length} routes to ${cidr}: give the id of one`,
  );
}

export function routeCommand(): Command {
  const command = new Command('route').description('networks behind this controller, and routes of its own');
  for (const verb of [list, add, remove]) command.addCommand(verb);
  return command;
}
