import type { ControllerId } from './controller-id.ts';

/**
 * The UDP port of a link is the same at both ends. The table is a nested edge colouring of the complete graph:
 * two controllers need only 1195, four need 1195-1197, ten need 1195-1203, so a firewall that was opened for a
 * small topology never has to change a port that is already in use when the topology grows.
 */
const ROWS = [
  '-012345678',
  '0-21473586',
  '12-0538764',
  '210-654837',
  '3456-87012',
  '47358-6120',
  '538476-201',
  '6578012-43',
  '78631204-5',
  '864720135-',
] as const;

export const FIRST_LINK_PORT = 1195;
export const LAST_LINK_PORT = 1203;

/** UDP port of the link between two different controllers. Throws when both ids are the same. */
export function linkPort(a: ControllerId, b: ControllerId): number {
  if (a === b) throw new RangeError(`controller ${a} has no link to itself`);
  return FIRST_LINK_PORT + Number(ROWS[a - 1]![b - 1]);
}
