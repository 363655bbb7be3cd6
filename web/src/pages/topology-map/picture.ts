import type { FarLink, Link, LinkState, Member, MeshSummary } from '../../../../src/observe/mesh-status.ts';
import { isStale } from '../../live/words.ts';
import { type Format, type Placed, placeControllers } from './layout.ts';

/** A line of the map: an own link, or one between two others as they tell it. `unknown`: nobody told it lately. */
export interface Line {
  readonly from: number;
  readonly to: number;
  readonly state: LinkState;
  readonly link: Link | null;
  readonly far: FarLink | null;
  /** Traffic that another link lost takes this way now. */
  readonly carriesDetour: boolean;
}

/** Whether anything reaches a controller now. `unknown`: nobody has looked at the routing table for a while. */
export type Reach = 'self' | 'reachable' | 'unreachable' | 'unknown';

export interface Spot extends Placed {
  readonly member: Member;
  readonly isSelf: boolean;
  readonly reach: Reach;
}

export interface Picture {
  readonly spots: readonly Spot[];
  readonly lines: readonly Line[];
  readonly format: Format;
}

/** What the map shows of a status: the controllers that are set, own links as they are, the others' as told. */
export function pictureOf(
  { controller, members, links, far_links }: MeshSummary,
  format: Format = 'wide',
): Picture {
  const shown = members.filter((member) => member.known || member.id === controller.id);
  const stale = isStale(links);
  const spots = placeControllers(
    shown.map((member) => member.id),
    format,
  ).map((placed): Spot => {
    const member = shown.find(({ id }) => id === placed.id)!;
    const isSelf = placed.id === controller.id;
    return { ...placed, member, isSelf, reach: isSelf ? 'self' : reachOf(member, stale) };
  });
  const detours = detourPairs(controller.id, stale ? [] : links);
  const lines = spots.flatMap((a, index) =>
    spots.slice(index + 1).map((b): Line => {
      const peer = a.isSelf ? b.id : b.isSelf ? a.id : null;
      const link = links.find((candidate) => candidate.peer === peer) ?? null;
      const far = far_links.find(({ between }) => between[0] === a.id && between[1] === b.id) ?? null;
      return {
        from: a.id,
        to: b.id,
        state: (link ?? far)?.state ?? 'unknown',
        link,
        far,
        carriesDetour: detours.has(pair(a.id, b.id)),
      };
    }),
  );
  return { spots, lines, format };
}

function reachOf({ path }: Member, stale: boolean): Reach {
  if (stale) return 'unknown';
  return path.kind === 'direct' || path.kind === 'via' ? 'reachable' : 'unreachable';
}

/** The hops of all paths that lead over somebody else. */
function detourPairs(self: number | null, links: readonly Link[]): ReadonlySet<string> {
  const hops = links
    .filter((link) => link.path.kind === 'via')
    .flatMap(({ path }) =>
      path.controllers.map((id, index) => pair(path.controllers[index - 1] ?? self ?? id, id)),
    );
  return new Set(hops);
}

function pair(a: number, b: number): string {
  return a < b ? `${a}-${b}` : `${b}-${a}`;
}
