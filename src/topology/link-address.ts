import { fromInt, type Ipv4, toInt } from '../net/ipv4.ts';
import type { ControllerId } from './controller-id.ts';

/**
 * Links are numbered with IPv4 link-local /31s: a small MTU removes IPv6 from an interface, and BFD with it.
 * The block starts at .4 because AWS claims the first /30 of several link-local /24s.
 */
const BLOCK = toInt('169.254.195.4' as Ipv4);

/** Position of a pair in the order (1,2) (1,3) (2,3) (1,4) ..., stable when the topology grows. */
function pairIndex(low: number, high: number): number {
  return ((high - 1) * (high - 2)) / 2 + (low - 1);
}

/** The address that `self` uses on its link to `peer`. */
export function linkAddress(self: ControllerId, peer: ControllerId): Ipv4 {
  if (self === peer) throw new RangeError(`controller ${self} has no link to itself`);
  const [low, high] = self < peer ? [self, peer] : [peer, self];
  return fromInt(BLOCK + pairIndex(low, high) * 2 + (self === low ? 0 : 1));
}

/** The name of the link interface towards a peer, e.g. `mw2`. */
export function linkInterface(peer: ControllerId): string {
  return `mw${peer}`;
}
