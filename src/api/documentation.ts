import type { FastifyPluginAsync } from 'fastify';
import type { ApiContext } from './context.ts';
import { openApiDocument } from './openapi.ts';
import { buildServer } from './server.ts';

/** The text of `docs/openapi.json`: the API is built without anything behind it, which its routes never notice. */
export async function documentationText(meshRoutes: readonly FastifyPluginAsync[]): Promise<string> {
  const nothing = new Proxy({ meshRoutes, webRoot: null } as object, {
    get(target, key) {
      if (key in target) return Reflect.get(target, key) as unknown;
      throw new Error(`registering a route touched the context: ${String(key)}`);
    },
  });
  const { app, routes } = await buildServer(nothing as ApiContext);
  await app.close();
  return `${JSON.stringify(openApiDocument(routes.entries), null, 2)}\n`;
}
