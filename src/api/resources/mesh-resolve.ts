import { Type } from 'typebox';
import type { NativeContext } from '../native-context.ts';
import { Answer, answer, type Resource } from './resource.ts';

const Resolved = Type.Object({
  addresses: Type.Array(Type.String()),
  error: Type.Union([Type.String(), Type.Null()]),
  took_ms: Type.Integer(),
});

export const meshResolveRoutes =
  (native: () => NativeContext): Resource =>
  (api) => {
    api.post(
      '/mesh/resolve',
      {
        config: { permission: 'peering:read' },
        schema: {
          summary: 'Look a host name up as this controller sees it',
          body: Type.Object({ host: Type.String({ maxLength: 300 }) }),
          response: Answer(Resolved),
        },
      },
      async ({ body }) => answer(await native().lookUp.resolve(body.host)),
    );
  };
