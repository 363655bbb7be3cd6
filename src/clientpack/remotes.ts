import { type Ipv4, toInt } from '../net/ipv4.ts';
import type { ClientRemote } from './client-intent.ts';

export interface WeightedRemote extends ClientRemote {
  /** 0 to 100; 0 is tried only when nobody else is left. */
  readonly weight: number;
}

/**
 * The controllers in the order in which the client with this address tries them. Neighbouring addresses begin at
 * different controllers, in proportion to the weights: packs that are handed out one after the other spread evenly,
 * where a hash would leave it to chance. The second choices spread as well, so the clients of a controller that
 * dies do not all go to the same one.
 */
export function remotesFor(address: Ipv4, controllers: readonly WeightedRemote[]): ClientRemote[] {
  const result: ClientRemote[] = [];
  let left = controllers.toSorted((a, b) => a.id - b.id);
  let turn = toInt(address);
  while (left.length > 0) {
    const willing = left.filter(({ weight }) => weight > 0);
    const from = willing.length > 0 ? willing : left;
    const order = rotation(from);
    const { weight: _, ...chosen } = order[turn % order.length]!;
    result.push(chosen);
    turn = Math.floor(turn / order.length);
    left = left.filter(({ id }) => id !== chosen.id);
  }
  return result;
}

/** Each controller as often as its weight says, interleaved: 2 to 1 gives a b a, not a a b. */
function rotation(controllers: readonly WeightedRemote[]): WeightedRemote[] {
  const weights = controllers.map(({ weight }) => Math.max(1, weight));
  const divisor = weights.reduce(gcd);
  const shares = weights.map((weight) => weight / divisor);
  const total = shares.reduce((sum, share) => sum + share, 0);
  const credit = shares.map(() => 0);
  return Array.from({ length: total }, () => {
    for (const [at, share] of shares.entries()) credit[at]! += share;
    const best = credit.indexOf(Math.max(...credit));
    credit[best]! -= total;
    return controllers[best]!;
  });
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
