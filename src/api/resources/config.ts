import { networkInterfaces } from 'node:os';
import { type Static, Type } from 'typebox';
import { VNS3_VERSION } from '../../version.ts';
import type { ApiContext } from '../context.ts';
import { Answer, answer, Emptiable, type Resource } from './resource.ts';

export const Config = Type.Object({
  private_ipaddress: Type.String(),
  public_ipaddress: Type.String(),
  subnet_gateway: Type.String(),
  topology_checksum: Type.String(),
  topology_name: Type.String(),
  controller_name: Type.String(),
  ntp_hosts: Type.String({ description: 'Host names or addresses, separated by spaces' }),
  vns3_version: Type.String(),
  licensed: Type.Boolean(),
  peered: Type.Boolean({ description: 'Whether this controller has an id' }),
  asn: Type.Optional(Type.Integer()),
  manager_id: Type.Optional(Type.Integer()),
  overlay_ipaddress: Type.Optional(Type.String()),
});
export type Config = Static<typeof Config>;

export const ConfigChange = Type.Object({
  topology_name: Emptiable('What the topology is called'),
  controller_name: Emptiable('What this controller is called'),
  ntp_hosts: Emptiable('Replaces the list of time servers; separated by spaces'),
});
export type ConfigChange = Static<typeof ConfigChange>;

/** What this controller is. Clients poll it to see whether the API is up, so it reads memory and the store only. */
export const configRoutes: Resource = (api, ctx) => {
  api.get(
    '/config',
    {
      config: { permission: 'config:read' },
      schema: { summary: 'Show the configuration', response: Answer(Config) },
    },
    () => answer(config(ctx)),
  );
  api.put(
    '/config',
    {
      config: { permission: 'config:write' },
      schema: { summary: 'Change names and time servers', body: ConfigChange, response: Answer(Config) },
    },
    async ({ body }) => {
      const { apply } = ctx.names.change({
        topologyName: body.topology_name,
        controllerName: body.controller_name,
        ntpHosts: body.ntp_hosts,
      });
      if (apply) await ctx.apply();
      return answer(config(ctx));
    },
  );
};

function config(ctx: ApiContext): Config {
  const observed = ctx.observed();
  const address = observed?.primaryAddress ?? anyAddress();
  const addressing = ctx.license.addressing();
  const self = ctx.peering.effective().self;
  const own = addressing?.controllers.find(({ id }) => id === self);
  return {
    private_ipaddress: address,
    public_ipaddress: address,
    subnet_gateway: observed?.defaultGateway ?? '',
    topology_checksum: ctx.topologyChecksum(),
    topology_name: ctx.names.topologyName(),
    controller_name: ctx.names.controllerName(),
    ntp_hosts: ctx.names.ntpHosts().join(' '),
    vns3_version: VNS3_VERSION,
    licensed: addressing !== null,
    peered: self !== null,
    ...(own && { asn: own.asn, manager_id: own.id, overlay_ipaddress: own.address }),
  };
}

/** Peers dial what this says, so it is never empty, not even before the applier's first report. */
function anyAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
}
