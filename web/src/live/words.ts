import type { Link, LinkState, Member, MeshSummary, PathNow } from '../../../src/observe/mesh-status.ts';
import { millis } from '../format/number.ts';

/** What the status says, in the words of operators. */
export function pathWords({ kind, controllers }: PathNow): string {
  switch (kind) {
    case 'direct':
      return 'direct';
    case 'via':
      return `over controller ${controllers.slice(0, -1).join(', then ')}`;
    case 'none':
      return 'no path';
    case 'self':
      return 'here';
  }
}

type Links = readonly Pick<Link, 'state'>[];

/** Links and routing table are observed together: where the links are old, so are the paths. */
export const isStale = (links: Links): boolean => links.some(({ state }) => state === 'unknown');

/** The path now, or that nobody has looked at the routing table for a while. */
export function pathNowWords(path: PathNow, links: Links): string {
  return path.kind !== 'self' && isStale(links) ? 'not known' : pathWords(path);
}

/** The round trip now, or its jitter. What was measured before a link went down, or before nobody looked any more, is not the present. */
export function rttNow(state: LinkState, measured: number | null): number | null {
  return state === 'down' || state === 'unknown' ? null : measured;
}

/** The loss now. A link that is down has one, a link at which nobody looks does not. */
export function lossNow(state: LinkState, measured: number | null): number | null {
  return state === 'unknown' ? null : measured;
}

export function rttWords({ state, probe }: Pick<Link, 'state' | 'probe'>): string {
  return millis(rttNow(state, probe.rtt_ms));
}

export function checksumWords(match: Member['checksum']): string {
  switch (match) {
    case 'match':
      return 'equal';
    case 'differs':
      return 'differs';
    case 'unknown':
      return 'not known';
  }
}

/** How things stand, in one sentence. The worst comes first. */
export function summary({ controller, links, far_links }: MeshSummary): string {
  if (!controller.licensed || controller.keyset !== 'present')
    return 'This controller is not part of a topology yet.';
  if (controller.id === null) return 'This controller has no id yet.';
  if (links.length === 0) return `This is controller ${controller.id}. It has no peers.`;
  const unknown = links.filter((link) => link.state === 'unknown');
  const down = links.filter((link) => link.state === 'down');
  const degraded = links.filter((link) => link.state === 'degraded');
  const cut = down.filter((link) => link.path.kind === 'none');
  if (unknown.length > 0)
    return `The state of the link to ${names(unknown)} is not known: the applier does not answer.`;
  if (cut.length > 0) return `No path leads to ${names(cut)}.`;
  if (down.length > 0) return `The link to ${names(down)} is down; traffic takes another path.`;
  if (degraded.length > 0) return `The link to ${names(degraded)} is degraded.`;
  const far = far_links.filter(({ state }) => state === 'down');
  if (far.length === 1) return `The link between controllers ${far[0]!.between.join(' and ')} is down.`;
  if (far.length > 1) return `${far.length} links between other controllers are down.`;
  return links.length === 1 ? 'The link is up.' : `All ${links.length} links are up.`;
}

function names(links: readonly { readonly peer: number }[]): string {
  const ids = links.map((link) => String(link.peer));
  if (ids.length === 1) return `controller ${ids[0]}`;
  return `controllers ${ids.slice(0, -1).join(', ')} and ${ids.at(-1)}`;
}
