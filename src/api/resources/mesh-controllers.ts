import { Type } from 'typebox';
import { parseClientAddress } from '../../clientpack/client-address.ts';
import { MeshwrightError } from '../../errors/catalogue.ts';
import { type ControllerId, parseControllerId } from '../../topology/controller-id.ts';
import type { ApiContext } from '../context.ts';
import { Answer, answer, Loose, type Resource } from './resource.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const ForClients = Type.Object({
  id: Type.Integer(),
  self: Type.Boolean(),
  client_address: Nullable(Type.String({ description: 'Where clients reach it; null before it told' })),
  weight: Type.Integer({ description: 'Share of new clients, 0 to 100; 0 is a last resort' }),
  drained: Type.Boolean({ description: 'Takes no clients and no transit' }),
  clients: Type.Integer({ description: 'Clients that it holds now' }),
  packs_free: Type.Integer({ description: 'Free clientpacks that it alone may hand out' }),
});
const Id = Type.Object({ id: Type.String() });

/** Controllers as clients see them: address, share of new clients, draining, share of the packs. */
export const meshControllerRoutes: Resource = (api, ctx) => {
  const write = { permission: 'mesh:write', licensed: true } as const;
  const response = Answer(Type.Array(ForClients));
  api.get(
    '/mesh/controllers',
    {
      config: { permission: 'mesh:read', licensed: true },
      schema: { summary: 'Show what clients see of each controller', response },
    },
    () => answer(controllers(ctx)),
  );
  api.put(
    '/mesh/controllers/:id',
    {
      config: write,
      schema: {
        summary: 'Set weight, or drain and undrain a controller',
        params: Id,
        body: Type.Object({
          weight: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
          drained: Type.Optional(Type.Boolean()),
        }),
        response,
      },
    },
    async ({ params, body }) => {
      const id = idOf(params.id);
      const { weight, drained } = body;
      if (weight === undefined && drained === undefined) throw new MeshwrightError('NOTHING_TO_DO');
      if (drained !== undefined) ctx.clientpacks.loads.setDrained(id, drained);
      if (weight !== undefined) ctx.clientpacks.loads.setWeight(id, weight);
      await ctx.apply();
      await ctx.clientpacks.spread();
      return answer(controllers(ctx));
    },
  );
  api.post(
    '/mesh/controllers/:id/take-over-packs',
    {
      config: write,
      schema: {
        summary: 'Take over the clientpacks that a dead controller alone may hand out',
        params: Id,
        response: Answer(Type.Object({ taken: Type.Integer() })),
      },
    },
    async ({ params }) => answer({ taken: await ctx.clientpacks.homes.takeOver(idOf(params.id)) }),
  );
  api.put(
    '/mesh/client-address',
    {
      config: { permission: 'peering:write', licensed: true },
      schema: {
        summary: 'Say where clients reach this controller',
        body: Type.Object({
          client_address: Loose('Address or DNS name; empty for the address of the machine'),
        }),
        response,
      },
    },
    ({ body }) => {
      ctx.clientAddress.set(parseClientAddress(body.client_address));
      return answer(controllers(ctx));
    },
  );
};

function idOf(text: string): ControllerId {
  const id = parseControllerId(text);
  if (id === null) throw new MeshwrightError('LOAD_CONTROLLER_UNKNOWN', { field: 'id', id: text });
  return id;
}

function controllers(ctx: ApiContext) {
  const { self } = ctx.peering.effective();
  const holders = [...ctx.clientpacks.directory.holders().values()];
  const shares = ctx.clientpacks.homes.shares();
  return (ctx.license.addressing()?.controllers ?? []).map(({ id }) => ({
    id,
    self: id === self,
    client_address: ctx.clientAddress.of(id),
    ...ctx.clientpacks.loads.of(id),
    clients: holders.filter((holder) => holder === id).length,
    packs_free: shares.get(id) ?? 0,
  }));
}
