import { type Static, Type } from 'typebox';
import type { ApiContext } from '../context.ts';
import { Answer, answer, Loose, type Resource } from './resource.ts';

const Peer = Type.Object({
  id: Type.Integer(),
  overlay_ipaddress: Type.String(),
  self: Type.Optional(Type.Boolean()),
  not_set: Type.Optional(Type.Boolean({ description: 'No peer is configured for this id' })),
  address: Type.Optional(Type.String()),
  mtu: Type.Optional(Type.String({ description: 'Text, because typed clients read it as such' })),
  reachable: Type.Optional(Type.Boolean()),
});

const Peers = Type.Object({
  id: Type.Optional(Type.Integer()),
  peered: Type.Boolean({ description: 'Whether this controller has an id; links may be down' }),
  managers: Type.Record(Type.String(), Peer),
  controllers: Type.Record(Type.String(), Peer),
});

const force = Type.Optional(
  Type.Boolean({
    default: true,
    description: 'False stores a draft that the next forced call makes effective',
  }),
);
const overlay_mtu = Type.Optional(Loose('Packet size of the network between the controllers: 500 to 4800'));
const name = Type.Optional(Type.String({ description: 'Address or host name of the peer' }));
const Id = Type.Object({ peer_id: Type.String() });

/** Own id and peers, as published clients know them. */
export const peeringRoutes: Resource = (api, ctx) => {
  const config = { permission: 'peering:write', licensed: true } as const;
  const response = Answer(Peers);
  const changed = async (body: { force?: boolean }) => {
    if (body.force ?? true) await ctx.apply();
    return answer(peers(ctx));
  };

  api.get(
    '/peering',
    {
      config: { permission: 'peering:read', licensed: true },
      schema: { summary: 'Show own id and all peers', response },
    },
    () => answer(peers(ctx)),
  );
  api.put(
    '/peering/self',
    {
      config,
      schema: { summary: 'Set the own id', body: Type.Object({ id: Loose('1 to 10'), force }), response },
    },
    ({ body }) => {
      ctx.peering.setSelf(body.id, body.force ?? true);
      return changed(body);
    },
  );
  api.post(
    '/peering/peers',
    {
      config,
      schema: {
        summary: 'Add a peer',
        body: Type.Object({ id: Loose('Id of the other controller'), name, overlay_mtu, force }),
        response,
      },
    },
    ({ body }) => {
      ctx.peering.add(body.id, { address: body.name, mtu: body.overlay_mtu }, body.force ?? true);
      return changed(body);
    },
  );
  api.put(
    '/peering/peers/:peer_id',
    {
      config,
      schema: {
        summary: 'Change a peer',
        params: Id,
        body: Type.Object({ name, overlay_mtu, force }),
        response,
      },
    },
    ({ body, params }) => {
      ctx.peering.update(params.peer_id, { address: body.name, mtu: body.overlay_mtu }, body.force ?? true);
      return changed(body);
    },
  );
  api.delete(
    '/peering/peers/:peer_id',
    { config, schema: { summary: 'Remove a peer', params: Id, body: Type.Object({ force }), response } },
    ({ body, params }) => {
      ctx.peering.remove(params.peer_id, body.force ?? true);
      return changed(body);
    },
  );
};

function peers(ctx: ApiContext): Static<typeof Peers> {
  const { self, rows } = ctx.peering.current();
  const managers: Record<string, Static<typeof Peer>> = {};
  for (const { id, address } of ctx.license.addressing()?.controllers ?? []) {
    const row = rows.find((candidate) => candidate.id === id);
    const entry = { id, overlay_ipaddress: address };
    if (id === self) managers[id] = { ...entry, self: true };
    else if (!row) managers[id] = { ...entry, not_set: true, reachable: false };
    else
      managers[id] = {
        ...entry,
        not_set: false,
        address: row.address,
        mtu: String(row.mtu),
        reachable: ctx.linkUp(id),
      };
  }
  return { ...(self !== null && { id: self }), peered: self !== null, managers, controllers: managers };
}
