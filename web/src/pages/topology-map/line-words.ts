import { millis, percent } from '../../format/number.ts';
import type { Line, Spot } from './picture.ts';

/** What stands on a line: the round trip, or that there is none. */
export function labelOf({ link, far, state }: Line): string {
  if (state === 'down') {
    const over = link?.path.controllers.slice(0, -1).join(', ');
    return link?.path.kind === 'via' ? `down, over ${over}` : 'down';
  }
  if (state === 'unknown') return 'not known';
  const { rtt_ms, loss } = link?.probe ?? far ?? { rtt_ms: null, loss: null };
  return `${millis(rtt_ms)}${loss ? ` · ${percent(loss)} lost` : ''}`;
}

/** Where a line leads; only links of this controller have a page here. */
export const pageOf = ({ link }: Line): string | null => link && `/peers/${link.peer}`;

/** What a line is, for whoever points at it. `to` is the far end of an own link. */
export function titleOf(line: Line, from: Named, to: Named): string {
  if (line.link) return `Link to ${nameOf(to)}`;
  return `Between ${nameOf(from)} and ${nameOf(to)}. It is no link of this controller, so it leads nowhere.`;
}

type Named = { readonly id: number; readonly member: Pick<Spot['member'], 'name'> };

const nameOf = ({ id, member }: Named): string => member.name ?? `controller ${id}`;
