import type { FastifyPluginAsync } from 'fastify';

/** The native resources as the OpenAPI document shows them: registered without a controller behind them. */
export const documentedMeshRoutes: readonly FastifyPluginAsync[] = [];
