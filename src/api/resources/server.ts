import { Type } from 'typebox';
import { MeshwrightError } from '../../errors/catalogue.ts';
import { Answer, answer, type Resource } from './resource.ts';

/** Restarts the API. The machine and the mesh keep running: no packet is lost over it. */
export const serverRoutes: Resource = (api, ctx) => {
  api.put(
    '/server',
    {
      config: { permission: 'server:write' },
      schema: {
        summary: 'Restart the API',
        body: Type.Object({ reboot: Type.Optional(Type.Boolean()) }),
        response: Answer(Type.Object({ status: Type.String() })),
      },
    },
    ({ body }) => {
      if (!body.reboot) throw new MeshwrightError('NOTHING_TO_DO', { field: 'reboot' });
      ctx.restart('restart requested');
      return answer({ status: 'rebooting' });
    },
  );
};
