import { Type } from 'typebox';
import { DoctorCheck } from '../../observe/doctor-check.ts';
import type { NativeContext } from '../native-context.ts';
import { Answer, answer, type Resource } from './resource.ts';

export const meshDoctorRoutes =
  (native: () => NativeContext): Resource =>
  (api) => {
    api.get(
      '/mesh/doctor',
      {
        config: { permission: 'status:read' },
        schema: {
          summary: 'Look for what commonly keeps a mesh from working',
          response: Answer(Type.Array(DoctorCheck)),
        },
      },
      async () => answer(await native().doctor()),
    );
  };
