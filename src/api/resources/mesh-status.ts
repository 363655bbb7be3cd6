import { type Static, Type } from 'typebox';
import { meshRoutes } from '../../observe/build-status.ts';
import { MeshEvent, MeshRoute, MeshStatus, MeshSummary } from '../../observe/mesh-status.ts';
import type { NativeContext } from '../native-context.ts';
import { Answer, answer, type Resource } from './resource.ts';

const EventQuery = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
  before: Type.Optional(Type.Integer({ description: 'Only events with a smaller sequence number' })),
  peer: Type.Optional(Type.Integer({ minimum: 1, maximum: 10 })),
});

const Profile = Type.Union([
  Type.Literal('auto'),
  Type.Literal('fast'),
  Type.Literal('lan'),
  Type.Literal('wan'),
]);
export const MeshSettings = Type.Object({ bfd_profile: Profile });
export type MeshSettings = Static<typeof MeshSettings>;

/** The truth about the mesh, its events, and the few settings that are about detection. */
export const meshStatusRoutes =
  (native: () => NativeContext): Resource =>
  (api) => {
    api.get(
      '/mesh',
      {
        config: { permission: 'status:read' },
        schema: {
          summary: 'Show controller, links, members and routes as they are now',
          response: Answer(MeshStatus),
        },
      },
      () => answer(native().status()),
    );
    api.get(
      '/mesh/summary',
      {
        config: { permission: 'status:read' },
        schema: {
          summary: 'The same without routes, as the stream tells it',
          response: Answer(MeshSummary),
        },
      },
      () => answer(native().summary()),
    );
    api.get(
      '/mesh/routes',
      {
        config: { permission: 'status:read' },
        schema: {
          summary: 'List the routes of the mesh on every way, the one in use marked',
          response: Answer(Type.Array(MeshRoute)),
        },
      },
      () => answer(meshRoutes(native().mesh)),
    );
    api.get(
      '/mesh/events',
      {
        config: { permission: 'status:read' },
        schema: {
          summary: 'List what happened to links and members, newest first',
          querystring: EventQuery,
          response: Answer(Type.Array(MeshEvent)),
        },
      },
      ({ query }) => answer(native().events.list(query)),
    );
    api.put(
      '/mesh/settings',
      {
        config: { permission: 'mesh:write' },
        schema: {
          summary: 'Choose how failures are detected',
          body: MeshSettings,
          response: Answer(MeshSettings),
        },
      },
      async ({ body }) => {
        const { mesh } = native();
        mesh.setProfile(body.bfd_profile);
        await mesh.apply();
        return answer({ bfd_profile: mesh.profile });
      },
    );
  };
