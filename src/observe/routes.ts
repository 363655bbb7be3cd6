import type { Observed, ObservedRoute } from '../desired/observed.ts';
import { COMMUNITY, community } from '../render/engine-paths.ts';
import type { Member, PathNow } from './mesh-status.ts';

type Controllers = readonly { id: number; address: string; asn: number }[];

/** What a controller says about itself in the communities of its own host route. */
export interface RouteFacts {
  readonly version: string | null;
  readonly checksum: string | null;
  readonly instance: number | null;
}

/** The best route to each controller's overlay address and the way that it takes. */
export function pathTo(
  observed: Observed | null,
  controllers: Controllers,
  id: number,
  self: number | null,
): PathNow {
  if (id === self) return { kind: 'self', controllers: [] };
  const route = routeOf(observed, controllers, id);
  if (!route) return { kind: 'none', controllers: [] };
  const ids = idsOf(route.path, controllers);
  return { kind: ids.length <= 1 ? 'direct' : 'via', controllers: ids };
}

export function routeOf(
  observed: Observed | null,
  controllers: Controllers,
  id: number,
): ObservedRoute | null {
  const address = controllers.find((controller) => controller.id === id)?.address;
  return observed?.routes.find((route) => route.best && route.cidr === `${address}/32`) ?? null;
}

/** ASNs of a path to controller ids; an ASN of nobody we know is left out. */
export function idsOf(path: readonly number[], controllers: Controllers): number[] {
  return path.flatMap((asn) => controllers.find((controller) => controller.asn === asn)?.id ?? []);
}

export function factsOf(route: ObservedRoute | null): RouteFacts {
  const value = (key: number) =>
    route?.communities.find(([global, local]) => global === COMMUNITY && local === key)?.[2] ?? null;
  const words = [0, 1, 2, 3, 4].map((index) => value(community.checksumWord + index));
  const version = value(community.version);
  return {
    version: version === null ? null : `${version >> 16}.${(version >> 8) & 255}.${version & 255}`,
    checksum: words.every((word) => word !== null)
      ? words.map((word) => word.toString(16).padStart(8, '0')).join('')
      : null,
    instance: value(community.instance),
  };
}

export function compareChecksum(own: string, other: string | null): Member['checksum'] {
  if (other === null) return 'unknown';
  return own === other ? 'match' : 'differs';
}

/** Networks that a member announces, its own address left out. */
export function networksOf(observed: Observed | null, asn: number, ownAddress: string): string[] {
  const networks = (observed?.routes ?? [])
    .filter((route) => route.path.at(-1) === asn && route.cidr !== `${ownAddress}/32`)
    .map((route) => route.cidr);
  return [...new Set(networks)].sort();
}
