import { describe, expect, it } from 'vitest';
import type { NativePack } from '../../api/clientpacks.ts';
import { matching, packState, rttWords } from './pack-words.ts';

const pack = (change: Partial<NativePack> = {}): NativePack => ({
  name: '100_127_255_193',
  address: '100.127.255.193',
  number: 1,
  enabled: true,
  checked_out: false,
  checked_out_at: null,
  home: 1,
  first: 1,
  generation: 0,
  ready: true,
  tags: {},
  networks: [],
  client: null,
  last_connect: null,
  last_disconnect: null,
  ...change,
});
const client = {
  holder: 2,
  kind: 'ha',
  underlay: '203.0.113.9:1',
  since: 1,
  last_packet_at: 1,
  rx_bytes: 1,
  tx_bytes: 1,
  rtt_ms: null,
};

describe('clientpacks in words', () => {
  it('say the one thing that matters first', () => {
    expect(packState(pack()).word).toBe('free');
    expect(packState(pack({ checked_out: true })).word).toBe('handed out');
    expect(packState(pack({ checked_out: true, client })).word).toBe('connected');
    expect(packState(pack({ enabled: false, client })).word).toBe('disabled');
    expect(packState(pack({ ready: false })).word).toBe('no credentials yet');
  });

  it('tell the round trip, that it is not known, or that there is nobody', () => {
    expect(rttWords({ ...client, rtt_ms: 0.4212 })).toBe('0.42 ms');
    expect(rttWords(client)).toBe('not known');
    expect(rttWords(null)).toBe('–');
  });

  it('are found by any of their words', () => {
    const packs = [pack({ tags: { site: 'Berlin' } }), pack({ name: 'b', address: 'b', client })];
    const names = (search: string, filter: Parameters<typeof matching>[2] = 'all') =>
      matching(packs, search, filter).map(({ name }) => name);
    expect(names('')).toHaveLength(2);
    expect(names('berlin site')).toEqual(['100_127_255_193']);
    expect(names('203.0.113.9')).toEqual(['b']);
    expect(names('controller 2')).toEqual(['b']);
    expect(names('berlin', 'connected')).toEqual([]);
  });

  it('are handed out or free whether or not their client is connected', () => {
    const packs = [
      pack({ name: 'free' }),
      pack({ name: 'free, connected', client }),
      pack({ name: 'out', checked_out: true }),
      pack({ name: 'out, connected', checked_out: true, client }),
      pack({ name: 'out, disabled', checked_out: true, enabled: false }),
      pack({ name: 'disabled', enabled: false }),
      pack({ name: 'no credentials', ready: false }),
    ];
    const names = (filter: Parameters<typeof matching>[2]) =>
      matching(packs, '', filter).map(({ name }) => name);
    expect(names('free')).toEqual(['free', 'free, connected']);
    expect(names('handed out')).toEqual(['out', 'out, connected', 'out, disabled']);
    expect(names('connected')).toEqual(['free, connected', 'out, connected']);
    expect(names('disabled')).toEqual(['out, disabled', 'disabled']);
  });
});
