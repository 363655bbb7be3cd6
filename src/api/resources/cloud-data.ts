import { Type } from 'typebox';
import { Answer, answer, type Resource } from './resource.ts';

/** Typed clients cannot decode any object under `cloud_data`, so the key is left out. */
export const cloudDataRoutes: Resource = (api) => {
  api.get(
    '/cloud_data',
    {
      config: { permission: 'status:read' },
      schema: {
        summary: 'Show the cloud that this runs in',
        response: Answer(Type.Object({ cloud_type: Type.String() })),
      },
    },
    () => answer({ cloud_type: 'none' }),
  );
};
