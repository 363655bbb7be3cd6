import type { FastifyPluginAsync } from 'fastify';
import type { ApiContext } from './context.ts';
import type { NativeContext } from './native-context.ts';
import { meshDiagnosticsRoutes } from './resources/mesh-diagnostics.ts';
import { meshDoctorRoutes } from './resources/mesh-doctor.ts';
import { meshExchangeRoutes } from './resources/mesh-exchange.ts';
import { meshHistoryRoutes } from './resources/mesh-history.ts';
import { meshJoinRoutes } from './resources/mesh-join.ts';
import { meshKeysetRoutes } from './resources/mesh-keyset.ts';
import { meshLicenseRoutes } from './resources/mesh-license.ts';
import { meshResolveRoutes } from './resources/mesh-resolve.ts';
import { meshStatusRoutes } from './resources/mesh-status.ts';
import { meshStreamRoutes } from './resources/mesh-stream.ts';
import type { Api } from './resources/resource.ts';
import type { Typebox } from './validation.ts';

const families = [
  meshStatusRoutes,
  meshStreamRoutes,
  meshHistoryRoutes,
  meshJoinRoutes,
  meshExchangeRoutes,
  meshKeysetRoutes,
  meshLicenseRoutes,
  meshResolveRoutes,
  meshDoctorRoutes,
  meshDiagnosticsRoutes,
];

/** Meshwright's own resources. They look at the context only when a request comes in. */
export function nativeRoutes(native: () => NativeContext): FastifyPluginAsync[] {
  return families.map((family): FastifyPluginAsync => {
    const resource = family(native);
    return async (api) =>
      resource(api.withTypeProvider<Typebox>() as Api, undefined as unknown as ApiContext);
  });
}

/** The same as the OpenAPI document shows them: registered without a controller behind them. */
export const documentedMeshRoutes: readonly FastifyPluginAsync[] = nativeRoutes(() => {
  throw new Error('the documentation answers no requests');
});
