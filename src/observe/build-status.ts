import type { Mesh } from '../mesh/mesh.ts';
import type { Records } from '../mesh/records.ts';
import type { ControllerId } from '../topology/controller-id.ts';
import { VERSION, VNS3_VERSION } from '../version.ts';
import { farLinks, type HeardReport } from './far-links.ts';
import { describeLink } from './link-truth.ts';
import type { Link, Member, MeshRoute, MeshStatus, MeshSummary } from './mesh-status.ts';
import { compareChecksum, factsOf, idsOf, networksOf, pathTo, routeOf } from './routes.ts';

interface Sources {
  readonly mesh: Mesh;
  readonly records: Records;
  /** What other members said about their links. */
  readonly heard: ReadonlyMap<number, HeardReport>;
  readonly licensed: { controllers: number; clients: number } | null;
  readonly keyset: MeshStatus['controller']['keyset'];
  readonly startedAt: number;
  /** Which controller holds which client. */
  readonly holders: ReadonlyMap<string, number>;
  isDrained(id: ControllerId): boolean;
}

/** The whole picture, put together from the latest observation. Cheap: nothing is asked or awaited. */
export function buildStatus(sources: Sources): MeshStatus {
  return { ...buildSummary(sources), routes: meshRoutes(sources.mesh) };
}

export function buildSummary(sources: Sources): MeshSummary {
  const { mesh } = sources;
  const { parts, observed } = mesh;
  const addressing = parts.addressing();
  const self = parts.peering.effective().self;
  const own = addressing?.controllers.find(({ id }) => id === self);
  return {
    at: Date.now(),
    controller: {
      id: self,
      name: parts.names.controllerName(),
      topology_name: parts.names.topologyName(),
      overlay_ipaddress: own?.address ?? null,
      vip: addressing?.vip ?? null,
      overlay_subnet: addressing?.subnet ?? null,
      asn: own?.asn ?? null,
      private_ipaddress: observed?.primaryAddress ?? null,
      version: VERSION,
      vns3_version: VNS3_VERSION,
      topology_checksum: parts.checksum(),
      licensed: addressing !== null,
      licensed_controllers: sources.licensed?.controllers ?? 0,
      licensed_clients: sources.licensed?.clients ?? 0,
      keyset: sources.keyset,
      bfd_profile: mesh.profile,
      started_at: sources.startedAt,
    },
    applier: {
      connected: mesh.applierAnswers,
      last_error: observed?.lastError ?? null,
      cpu_idle: observed?.cpuIdle ?? null,
      engines: (observed?.engines ?? []).map(({ name, running, since }) => ({ name, running, since })),
    },
    links: links(mesh),
    far_links: farLinks(sources.heard, self, (id) => mesh.reaches(id), Date.now()),
    members: members(sources),
  };
}

function links(mesh: Mesh): Link[] {
  const { desired, observed, parts } = mesh;
  const controllers = parts.addressing()?.controllers ?? [];
  const { self, rows } = parts.peering.effective();
  if (!desired || !observed || self === null) return [];
  const now = Date.now();
  return desired.links.flatMap((link) => {
    const seen = observed.links.find((entry) => entry.peer === link.peer);
    if (!seen) return [];
    const watch = mesh.watchOf(link.peer);
    const described = describeLink({
      self,
      address: rows.find((row) => row.id === link.peer)?.address ?? '',
      resolved: link.endpoint !== null,
      desired: link,
      observed: seen,
      hello: watch.hello,
      clash: watch.clashes(now),
      since: watch.since,
      path: pathTo(observed, controllers, link.peer, self),
      isStale: mesh.isStale,
      now,
    });
    return [described];
  });
}

function members({ mesh, records, holders, isDrained }: Sources): Member[] {
  const { observed, parts } = mesh;
  const controllers = parts.addressing()?.controllers ?? [];
  const { self, rows } = parts.peering.effective();
  const ownChecksum = parts.checksum();
  // A client's host route is no network behind a controller.
  const isClient = (network: string) => network.endsWith('/32') && holders.has(network.slice(0, -3));
  return controllers.map(({ id, address, asn }): Member => {
    const isSelf = id === self;
    const record = records.get('members', String(id));
    const facts = factsOf(routeOf(observed, controllers, id));
    const hello = mesh.watchOf(id).hello;
    const told = hello?.kind === 'answer' && hello.id === id ? hello : null;
    const checksum = isSelf ? ownChecksum : (facts.checksum ?? told?.checksum ?? null);
    return {
      id,
      // The record follows a change at once; what the other said itself may be a minute old.
      name: (isSelf ? parts.names.controllerName() : record?.name || told?.name) || null,
      overlay_ipaddress: address,
      asn,
      known: isSelf || record !== null || rows.some((row) => row.id === id),
      path: pathTo(observed, controllers, id, self),
      version: isSelf ? VERSION : (facts.version ?? told?.version ?? null),
      topology_checksum: checksum,
      checksum: compareChecksum(ownChecksum, checksum),
      networks: isSelf
        ? parts.routes
            .intents()
            .filter((route) => route.advertise)
            .map((route) => route.cidr)
        : networksOf(observed, asn, address).filter((network) => !isClient(network)),
      clients: [...holders.values()].filter((holder) => holder === id).length,
      drained: isDrained(id),
    };
  });
}

export function meshRoutes(mesh: Mesh): MeshRoute[] {
  const controllers = mesh.parts.addressing()?.controllers ?? [];
  const self = mesh.parts.peering.effective().self;
  return (mesh.observed?.routes ?? []).map((route) => {
    const path = idsOf(route.path, controllers);
    return {
      cidr: route.cidr,
      origin: route.via === null ? self : (path.at(-1) ?? null),
      via: route.via,
      path,
      best: route.best,
      since: route.since,
    };
  });
}
