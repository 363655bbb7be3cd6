import { MeshwrightError } from '../../errors/catalogue.ts';
import type { Resource } from './resource.ts';

const FAMILIES = [
  'container_system',
  'plugins',
  'plugin',
  'plugin-instances',
  'plugin-instance',
  'plugin-images',
];
const METHODS = ['GET', 'POST', 'PUT', 'DELETE'];

/** Containers are out of scope. Clients fail cleanly on this answer, and not on an unknown path. */
export const containerRoutes: Resource = (api) => {
  for (const url of FAMILIES.flatMap((family) => [`/${family}`, `/${family}/*`])) {
    api.route({
      method: METHODS,
      url,
      config: { permission: 'config:read' },
      schema: { hide: true },
      handler: () => {
        throw new MeshwrightError('NOT_SUPPORTED', { what: 'Container support' });
      },
    });
  }
};

declare module 'fastify' {
  interface FastifySchema {
    summary?: string;
    /** Leave the route out of the OpenAPI document. */
    hide?: boolean;
  }
}
