import { type Static, Type } from 'typebox';
import { parseClientAddress } from '../../clientpack/client-address.ts';
import type { ApiContext } from '../context.ts';
import { Answer, answer, Loose, type Resource } from './resource.ts';

export const PeeringRow = Type.Object({
  id: Type.Integer(),
  overlay_ipaddress: Type.String(),
  self: Type.Boolean(),
  address: Type.Union([Type.String(), Type.Null()], { description: 'Null: no peer is configured' }),
  mtu: Type.Union([Type.Integer(), Type.Null()]),
  draft: Type.Boolean({ description: 'This row differs from what the mesh runs' }),
  reachable: Type.Boolean(),
});
export type PeeringRow = Static<typeof PeeringRow>;

export const PeeringTable = Type.Object({
  self: Type.Union([Type.Integer(), Type.Null()]),
  licensed: Type.Integer({ description: 'How many controllers the licence has' }),
  client_address: Type.Union([Type.String(), Type.Null()], {
    description: 'Where clients reach this controller; null for the address of the machine',
  }),
  draft: Type.Boolean({ description: 'Something here waits for a forced change' }),
  revision: Type.String({ description: 'Changes with the rows and the own id' }),
  rows: Type.Array(PeeringRow),
});
export type PeeringTable = Static<typeof PeeringTable>;

const Replacement = Type.Object({
  self: Loose('The id of this instance'),
  client_address: Type.Optional(
    Type.Unknown({
      description: 'Where clients reach this controller; empty for the address of the machine',
      'x-keep-empty': true,
    }),
  ),
  revision: Type.Optional(
    Type.String({
      description: 'The one that was read. When the table has another by now, nothing is saved',
    }),
  ),
  peers: Type.Array(
    Type.Object({
      id: Loose('Id of the peer'),
      address: Loose('Address or host name'),
      mtu: Type.Optional(Loose('500 to 4800')),
    }),
    { maxItems: 10 },
  ),
});

/** The peering form: the whole table is read at once and saved at once, or not at all. */
export const meshPeeringRoutes: Resource = (api, ctx) => {
  const response = Answer(PeeringTable);
  api.get(
    '/mesh/peering',
    {
      config: { permission: 'peering:read', licensed: true },
      schema: { summary: 'Show the peering form', response },
    },
    () => answer(table(ctx)),
  );
  api.put(
    '/mesh/peering',
    {
      config: { permission: 'peering:write', licensed: true },
      schema: { summary: 'Save the peering form: all rows or none', body: Replacement, response },
    },
    async ({ body }) => {
      const address = body.client_address === undefined ? undefined : parseClientAddress(body.client_address);
      ctx.peering.replaceAll(body.self, body.peers, body.revision);
      if (address !== undefined) ctx.clientAddress.set(address);
      await ctx.apply();
      return answer(table(ctx));
    },
  );
};

function table(ctx: ApiContext): PeeringTable {
  const { self, rows } = ctx.peering.current();
  const drafts = ctx.peering.draftIds();
  const controllers = ctx.license.addressing()?.controllers ?? [];
  return {
    self,
    licensed: controllers.length,
    client_address: ctx.clientAddress.own(),
    draft: drafts.size > 0,
    revision: ctx.peering.revision(),
    rows: controllers.map(({ id, address }) => {
      const row = rows.find((candidate) => candidate.id === id);
      return {
        id,
        overlay_ipaddress: address,
        self: id === self,
        address: row?.address ?? null,
        mtu: row?.mtu ?? null,
        draft: drafts.has(id),
        reachable: row !== undefined && ctx.linkUp(id),
      };
    }),
  };
}
