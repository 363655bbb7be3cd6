import type { NativePack } from '../../api/clientpacks.ts';
import { millis, UNKNOWN } from '../../format/number.ts';
import type { MarkState } from '../../kit/StateMark.tsx';

/** How a clientpack stands, as a mark and a word. */
export function packState(pack: NativePack): { state: MarkState; word: string } {
  if (!pack.enabled) return { state: 'down', word: 'disabled' };
  if (pack.client) return { state: 'up', word: 'connected' };
  if (!pack.ready) return { state: 'degraded', word: 'no credentials yet' };
  return { state: 'unknown', word: pack.checked_out ? 'handed out' : 'free' };
}

const KINDS: Readonly<Record<string, string>> = { openvpn: 'OpenVPN', wireguard: 'WireGuard', ha: 'HA' };
export const kindWord = (kind: string | null): string => (kind === null ? '' : (KINDS[kind] ?? kind));

/** A dash for who is not there; a client that is there and does not answer has a round trip that nobody knows. */
export function rttWords(client: NativePack['client']): string {
  if (client === null) return UNKNOWN;
  return client.rtt_ms === null ? 'not known' : millis(client.rtt_ms);
}

export const tagWords = (tags: Readonly<Record<string, string>>): string[] =>
  Object.entries(tags).map(([key, value]) => (value === '' ? key : `${key}: ${value}`));

export type Filter = 'all' | 'connected' | 'free' | 'handed out' | 'disabled';
export const FILTERS: readonly Filter[] = ['all', 'connected', 'free', 'handed out', 'disabled'];

/** Whether a pack is handed out is one thing, whether its client is connected another: the state has one word for both. */
function passes(pack: NativePack, filter: Filter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'connected':
      return packState(pack).word === 'connected';
    case 'free':
      return pack.enabled && pack.ready && !pack.checked_out;
    case 'handed out':
      return pack.checked_out;
    case 'disabled':
      return !pack.enabled;
  }
}

/** Every word must be found in name, address, tags, holder or underlay address. */
export function matching(packs: readonly NativePack[], search: string, filter: Filter): NativePack[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return packs.filter((pack) => {
    if (!passes(pack, filter)) return false;
    const text = [
      pack.name,
      pack.address,
      ...tagWords(pack.tags),
      pack.client ? `controller ${pack.client.holder} ${pack.client.underlay ?? ''}` : '',
    ]
      .join(' ')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
