import type { DesiredClient } from './clients.ts';
import type { DesiredState } from './state.ts';

/**
 * `state` without the clients whose credentials `next` takes back, and otherwise as it was; the same object when there are none.
 * Who is shut out must be out also while something else keeps `next` from being in force.
 */
export function withoutRevoked(state: DesiredState, next: DesiredState): DesiredState {
  const { clients } = state;
  if (!clients) return state;
  const wanted = new Set(next.clients?.list.map(credentials));
  const list = clients.list.filter((client) => wanted.has(credentials(client)));
  return list.length === clients.list.length ? state : { ...state, clients: { ...clients, list } };
}

const credentials = ({ address, serial, wireguardKey }: DesiredClient): string =>
  `${address} ${serial} ${wireguardKey}`;
