import type { Observed } from '../desired/observed.ts';

/** BFD follows BGP within half a second, or it does not. */
const FOLLOWS_WITHIN_MS = 2000;

/**
 * A link whose BGP session has just come up before its BFD session did. The engine tells of the one and not of the other, so
 * whoever wants to know soon has to look again.
 */
export function isHalfUp({ links }: Pick<Observed, 'links'>, now: number): boolean {
  return links.some(
    ({ bgp, bfd }) =>
      bgp.state === 'Established' &&
      bfd.state !== 'Up' &&
      bgp.since !== null &&
      now - Date.parse(bgp.since) < FOLLOWS_WITHIN_MS,
  );
}
