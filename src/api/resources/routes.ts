import { type Static, Type } from 'typebox';
import { netmask } from '../../net/ipv4.ts';
import { NOT_SET, type Route as StoredRoute } from '../../routes/route.ts';
import type { ApiContext } from '../context.ts';
import { Answer, answer, type Resource } from './resource.ts';

export const Route = Type.Object({
  id: Type.Integer(),
  cidr: Type.String(),
  netmask: Type.String(),
  interface: Type.String({ description: '`_notset` when none was given' }),
  gateway: Type.Optional(Type.String()),
  description: Type.String(),
  advertise: Type.Boolean(),
  enabled: Type.Boolean(),
  editable: Type.Boolean(),
  metric: Type.Integer(),
  table: Type.String(),
  msg: Type.Optional(Type.String({ description: 'Why the route has no effect now' })),
});
export type Route = Static<typeof Route>;

export const NewRoute = Type.Object({
  cidr: Type.String({ description: 'The network, e.g. 10.0.1.0/24' }),
  description: Type.Optional(Type.String()),
  interface: Type.Optional(Type.String({ description: 'Interface of this machine; `_notset` for none' })),
  gateway: Type.Optional(Type.String({ description: 'Next hop; `_notset` for none' })),
  tunnel: Type.Optional(Type.Union([Type.Integer(), Type.String()])),
  table: Type.Optional(Type.String({ default: 'main' })),
  advertise: Type.Optional(Type.Boolean({ default: false, description: 'Announce the network to the mesh' })),
  metric: Type.Optional(Type.Integer({ minimum: 0, maximum: 2147483647, default: 0 })),
});
export type NewRoute = Static<typeof NewRoute>;

const Id = Type.Object({ id: Type.String() });
const RouteMap = Answer(Type.Record(Type.String(), Route));

/** Routes that were created here; automatic ones are not listed, because clients delete everything they see. */
export const routesRoutes: Resource = (api, ctx) => {
  const config = { permission: 'routes:write' } as const;
  api.get(
    '/routes',
    {
      config: { permission: 'routes:read', licensed: true },
      schema: {
        summary: 'List routes',
        querystring: Type.Object({ table: Type.Optional(Type.String()) }),
        response: RouteMap,
      },
    },
    ({ query }) => answer(routeMap(ctx, query.table)),
  );
  api.post(
    '/routes',
    {
      config: { ...config, licensed: true },
      schema: {
        summary: 'Create a route; the same route again changes nothing',
        body: NewRoute,
        response: RouteMap,
      },
    },
    async ({ body }) => {
      ctx.routes.create(body);
      // Also when nothing is new: the first attempt may have been stored without becoming effective.
      await ctx.apply();
      return answer(routeMap(ctx));
    },
  );
  api.delete(
    '/routes/:id',
    { config, schema: { summary: 'Delete a route', params: Id, response: RouteMap } },
    async ({ params }) => {
      ctx.routes.remove(params.id);
      await ctx.apply();
      return answer(routeMap(ctx));
    },
  );
  for (const [word, enabled] of [
    ['enable', true],
    ['disable', false],
  ] as const) {
    api.put(
      `/routes/:id/${word}`,
      {
        config,
        schema: { summary: `${enabled ? 'Enable' : 'Disable'} a route`, params: Id, response: Answer(Route) },
      },
      async ({ params }) => {
        const route = ctx.routes.setEnabled(params.id, enabled);
        await ctx.apply();
        return answer(toWire(route, ctx));
      },
    );
  }
};

function routeMap(ctx: ApiContext, table?: string): Record<string, Route> {
  const routes = ctx.routes.list().filter((route) => table === undefined || route.table === table);
  return Object.fromEntries(routes.map((route) => [String(route.id), toWire(route, ctx)]));
}

function toWire(route: StoredRoute, ctx: ApiContext): Route {
  const message = whyWithoutEffect(route, ctx);
  return {
    id: route.id,
    cidr: route.cidr,
    netmask: netmask(route.cidr),
    interface: route.interface ?? NOT_SET,
    ...(route.gateway !== null && { gateway: route.gateway }),
    description: route.description,
    advertise: route.advertise,
    enabled: route.enabled,
    editable: true,
    metric: route.metric,
    table: route.table,
    ...(message && { msg: message }),
  };
}

function whyWithoutEffect(route: StoredRoute, ctx: ApiContext): string | null {
  if (!route.advertise && !route.interface && !route.gateway) {
    return 'Neither advertised nor given an interface or gateway, so it has no effect';
  }
  const interfaces = ctx.observed()?.interfaces;
  if (route.interface && interfaces && !interfaces.some(({ name }) => name === route.interface)) {
    return `This machine has no interface ${route.interface} now`;
  }
  return null;
}
