import { type Cidr, type Ipv4, rangeOf, toInt } from '../net/ipv4.ts';

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * The order in which a client tries the controllers, computed from its address. Neighbouring addresses are spread by
 * the golden ratio, which keeps every run of them as even as the weights ask for; and because the remainder of
 * each choice decides the next one, clients of a controller that dies spread over the others as evenly. A
 * controller of weight 0 comes last.
 */
export function clientOrder<C extends { readonly weight: number }>(
  overlay: Cidr,
  client: Ipv4,
  controllers: readonly C[],
): C[] {
  const offset = toInt(client) - rangeOf(overlay).first;
  const left = controllers.filter(({ weight }) => weight > 0);
  const order: C[] = [];
  let position = (offset * GOLDEN) % 1;
  while (left.length > 0) {
    const total = left.reduce((sum, { weight }) => sum + weight, 0);
    let index = 0;
    let from = 0;
    while (index < left.length - 1 && position >= from + left[index]!.weight / total)
      from += left[index++]!.weight / total;
    const [chosen] = left.splice(index, 1);
    position = Math.min(Math.max(((position - from) * total) / chosen!.weight, 0), 1 - Number.EPSILON);
    order.push(chosen!);
  }
  return [...order, ...controllers.filter(({ weight }) => weight <= 0)];
}
