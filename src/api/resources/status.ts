import { Type } from 'typebox';
import { MeshwrightError } from '../../errors/catalogue.ts';
import { parseCidr } from '../../net/ipv4.ts';
import { connectedSubnets } from '../connected-subnets.ts';
import { describeClients, WireClient } from './clientpack-wire.ts';
import { Answer, answer, type Resource } from './resource.ts';

const Clients = Type.Record(Type.String(), WireClient);
const Empty = Type.Record(Type.String(), Type.Unknown());
const Pair = Type.Array(Type.String(), { description: 'Network and netmask' });
const Subnet = Type.Object({
  subnet: Type.String(),
  network: Type.String(),
  cidr_mask: Type.String(),
  managerid: Type.Integer(),
  netmask: Type.String(),
  origin: Type.String({ description: 'local_no_encryption or remote_manager' }),
});
const History = Type.Object({
  remote: Type.String(),
  local: Type.String(),
  tunnelid: Type.Optional(Type.Integer()),
  history: Type.Array(
    Type.Object({ event: Type.String(), timestamp: Type.String(), timestamp_i: Type.Integer() }),
  ),
});

/** The status calls that published clients know. IPsec tunnels are empty while there are none. */
export const statusRoutes: Resource = (api, ctx) => {
  const config = { permission: 'status:read', licensed: true } as const;
  const unlicensed = { permission: 'status:read' } as const;
  const subnets = () =>
    connectedSubnets(ctx.observed(), ctx.license.addressing(), ctx.peering.effective().self);

  api.get(
    '/status',
    {
      config,
      schema: {
        summary: 'Clients, subnets and IPsec tunnels',
        response: Answer(
          Type.Object({ connected_clients: Clients, connected_subnets: Type.Array(Pair), ipsec: Empty }),
        ),
      },
    },
    async () =>
      answer({
        connected_clients: await describeClients(ctx.clientpacks),
        connected_subnets: subnets().map(({ network, netmask }) => [network, netmask]),
        ipsec: {},
      }),
  );
  api.get(
    '/status/clients',
    { config, schema: { summary: 'Connected clients by overlay address', response: Answer(Clients) } },
    async () => answer(await describeClients(ctx.clientpacks)),
  );
  api.get(
    '/status/ipsec',
    {
      config,
      schema: {
        summary: 'IPsec tunnels by id',
        querystring: Type.Object({ up_down_status_only: Type.Optional(Type.Boolean()) }),
        response: Answer(Empty),
      },
    },
    () => answer({}),
  );
  api.get(
    '/status/connected_subnets',
    {
      config: unlicensed,
      schema: {
        summary: 'Networks that are reachable here',
        querystring: Type.Object({ extended_output: Type.Optional(Type.Boolean()) }),
        response: Answer(Type.Array(Type.Union([Pair, Subnet]))),
      },
    },
    ({ query }) =>
      answer(query.extended_output ? subnets() : subnets().map(({ network, netmask }) => [network, netmask])),
  );
  api.get(
    '/status/link_history',
    {
      config,
      schema: {
        summary: 'History of an IPsec tunnel',
        querystring: Type.Object({
          remote: Type.Optional(Type.String()),
          local: Type.Optional(Type.String()),
          tunnelid: Type.Optional(Type.Integer()),
        }),
        response: Answer(History),
      },
    },
    ({ query: { remote, local, tunnelid } }) => {
      if (!remote || !parseCidr(remote))
        throw new MeshwrightError('LINK_HISTORY_INVALID', { field: 'remote' });
      if (!local || !parseCidr(local)) throw new MeshwrightError('LINK_HISTORY_INVALID', { field: 'local' });
      return answer({ remote, local, ...(tunnelid !== undefined && { tunnelid }), history: [] });
    },
  );
  const Token = Type.Object({ token: Type.Optional(Type.String()) });
  api.get(
    '/status/task',
    {
      config: unlicensed,
      schema: {
        summary: 'Status of a task; the token may be in the query or in the body',
        querystring: Token,
        body: Token,
        response: Answer(Type.Object({ task_status: Type.String() })),
      },
    },
    ({ query, body }) => {
      const token = query.token ?? body.token;
      if (token === undefined) throw new MeshwrightError('ARGUMENT_MISSING', { field: 'token' });
      const status = ctx.tasks.status(token);
      if (status === null) throw new MeshwrightError('TASK_UNKNOWN', { field: 'token' });
      return answer({ task_status: status });
    },
  );
};
