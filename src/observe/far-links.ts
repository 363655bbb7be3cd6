import { type Static, Type } from 'typebox';
import { type FarLink, LinkState } from './mesh-status.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** How a controller's own links are, as it tells all other members. */
export const LinkReport = Type.Object({
  links: Type.Array(
    Type.Object({
      peer: Type.Integer({ minimum: 1, maximum: 10 }),
      state: LinkState,
      since: Nullable(Type.Integer()),
      rtt_ms: Nullable(Type.Number()),
      loss: Nullable(Type.Number()),
    }),
    { maxItems: 10 },
  ),
});
export type LinkReport = Static<typeof LinkReport>;
type ReportedLink = LinkReport['links'][number];

export interface HeardReport {
  readonly at: number;
  readonly links: readonly ReportedLink[];
}

/** Members report every few seconds. What is older than this says nothing about now. */
export const REPORT_STALE_MS = 20_000;

/**
 * The links between others, from what their two ends say. A member that is silent or cannot be reached is not
 * believed any more: a link that neither end vouches for is missing here, which means "not known".
 */
export function farLinks(
  heard: ReadonlyMap<number, HeardReport>,
  self: number | null,
  isReachable: (id: number) => boolean,
  now: number,
): FarLink[] {
  const found = new Map<string, FarLink>();
  for (const [from, { at, links }] of heard) {
    if (from === self || now - at > REPORT_STALE_MS || !isReachable(from)) continue;
    for (const { peer, ...said } of links) {
      if (peer === self || peer === from) continue;
      const between: [number, number] = from < peer ? [from, peer] : [peer, from];
      const told: FarLink = { between, ...said, heard_at: at };
      const before = found.get(between.join());
      found.set(between.join(), before ? worse(before, told) : told);
    }
  }
  return [...found.values()].sort((a, b) => a.between[0] - b.between[0] || a.between[1] - b.between[1]);
}

/** One end that sees nothing is enough for "down"; one that cannot see its own link is no witness. */
const WEIGHT: Record<LinkState, number> = { unknown: 0, up: 1, degraded: 2, down: 3 };

function worse(a: FarLink, b: FarLink): FarLink {
  return WEIGHT[b.state] > WEIGHT[a.state] ? b : a;
}
