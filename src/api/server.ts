import Fastify, { type FastifyInstance, type FastifyPluginAsync } from 'fastify';
import { auditChanges } from './audit-hooks.ts';
import {
  Authentication,
  challenge,
  endWithSession,
  refuseForeignPages,
  requireOwnClientpack,
} from './authentication.ts';
import { readBodies } from './body.ts';
import { asksForPage, refuseWhileDisabled, serveConsole } from './console.ts';
import type { ApiContext } from './context.ts';
import { BODY_LIMIT, sendError, toMeshwrightError } from './envelope.ts';
import { requirePermission } from './permission.ts';
import { limitStrangers } from './rate-limit.ts';
import { resources } from './resources/index.ts';
import { RouteTable } from './route-table.ts';
import { type Typebox, validatorCompiler } from './validation.ts';

export interface ApiServer {
  readonly app: FastifyInstance;
  readonly routes: RouteTable;
}

/** Builds the API: every rule that holds for all of its routes is here, each resource is a file of its own. */
export async function buildServer(ctx: ApiContext): Promise<ApiServer> {
  const routes = new RouteTable();
  const app = Fastify({
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: true,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 512 },
    frameworkErrors: (error, request, reply) => {
      sendError(reply, toMeshwrightError(error, request, ctx.defect));
    },
  });
  app.decorate('routeTable', routes);
  app.decorateRequest('principal', null);
  app.setErrorHandler((error, request, reply) =>
    sendError(reply, toMeshwrightError(error, request, ctx.defect)),
  );
  app.setValidatorCompiler(validatorCompiler as never);
  // Answers are built by our own code and tested against their schemas, so they are not filtered through them.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  readBodies(app);
  const api: FastifyPluginAsync = (scope) => registerApi(scope, ctx, routes);
  await app.register(api, { prefix: '/api' });
  refuseWhileDisabled(app, () => ctx.access.account.enabled);
  const hasConsole = ctx.webRoot !== null && (await serveConsole(app, ctx.webRoot));
  app.setNotFoundHandler((request, reply) =>
    hasConsole && asksForPage(request)
      ? reply.sendFile('index.html')
      : sendError(reply, routes.unanswered(request.method, request.url)),
  );
  await app.ready();
  return { app, routes };
}

async function registerApi(api: FastifyInstance, ctx: ApiContext, routes: RouteTable): Promise<void> {
  const authentication = new Authentication(ctx);
  routes.watch(api);
  await limitStrangers(api);
  api.addHook('onRequest', async (request, reply) => {
    reply.headers(API_HEADERS);
    const { permission, licensed } = request.routeOptions.config;
    if (permission !== 'public') {
      request.principal = await authentication.authenticate(request).catch((error: unknown) => {
        challenge(request, reply);
        throw error;
      });
      refuseForeignPages(request);
      endWithSession(request.principal, request, reply);
      if (permission) requirePermission(request.principal, permission);
      requireOwnClientpack(request.principal, request);
    }
    if (licensed) ctx.license.requireLicensed();
  });
  auditChanges(api, ctx);
  api.setNotFoundHandler((request, reply) =>
    sendError(reply, routes.unanswered(request.method, request.url)),
  );
  for (const resource of resources) resource(api.withTypeProvider<Typebox>(), ctx);
  for (const plugin of ctx.meshRoutes) await api.register(plugin);
}

const API_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
} as const;
