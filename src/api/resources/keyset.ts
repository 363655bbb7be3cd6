import { type Static, Type } from 'typebox';
import { Answer, answer, type Resource } from './resource.ts';

const Status = Type.Object({
  keyset_present: Type.Boolean(),
  in_progress: Type.Optional(Type.Boolean()),
  checksum: Type.Optional(Type.String()),
  created_at: Type.Optional(Type.String()),
  created_at_i: Type.Optional(Type.Integer()),
  uuid: Type.Optional(Type.String()),
  started_at: Type.Optional(Type.String()),
  started_at_i: Type.Optional(Type.Integer()),
  running: Type.Optional(Type.Integer()),
});

export const KeysetStart = Type.Object({
  token: Type.Optional(
    Type.String({ description: 'The security token: equal on all controllers of a topology' }),
  ),
  source: Type.Optional(
    Type.String({ description: 'A controller that has the keyset; without it one is generated' }),
  ),
  topology_name: Type.Optional(Type.String()),
  sealed_network: Type.Optional(Type.Boolean()),
});
export type KeysetStart = Static<typeof KeysetStart>;

/** The key material of the topology: generated on one controller, fetched by the others. */
export const keysetRoutes: Resource = (api, ctx) => {
  api.get(
    '/keyset',
    {
      config: { permission: 'keyset:read' },
      schema: { summary: 'Show whether there is a keyset', response: Answer(Status) },
    },
    () => answer(ctx.keyset.status()),
  );
  api.put(
    '/keyset',
    {
      config: { permission: 'keyset:write' },
      schema: {
        summary: 'Generate the keyset, or fetch it from another controller',
        body: KeysetStart,
        response: Answer(Status),
      },
    },
    async ({ body }) => answer(await ctx.keyset.start(body)),
  );
};
