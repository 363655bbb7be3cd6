import { describe, expect, it } from 'vitest';
import type { NativePackDetail } from '../api/resources/mesh-clientpack-shape.ts';
import { packsView, packView } from './pack-view.ts';

const NOW = 1_700_000_000_000;
const pack: NativePackDetail = {
  name: '100_127_255_193',
  address: '100.127.255.193',
  number: 1,
  enabled: true,
  checked_out: true,
  checked_out_at: NOW - 5 * 3600_000,
  home: 2,
  first: 1,
  generation: 1,
  ready: true,
  tags: { site: 'Berlin', spare: '' },
  networks: ['10.20.0.0/16'],
  client: {
    holder: 3,
    kind: 'ha',
    underlay: '203.0.113.7:40000',
    since: NOW - 90_000,
    last_packet_at: NOW - 1000,
    rx_bytes: 10,
    tx_bytes: 20,
    rtt_ms: 4.2,
  },
  last_connect: NOW - 90_000,
  last_disconnect: null,
  compression: 'off',
  controllers: [{ id: 1, host: 'one.example.net' }],
  sha1: null,
  history: [{ at: NOW - 90_000, kind: 'moved', holder: 3, from: 1 }],
};

describe('clientpacks in a terminal', () => {
  it('are a line each', () => {
    expect(packsView([pack, { ...pack, client: null, checked_out: false, tags: {} }], NOW)).toEqual([
      'name             state            kind  from               for   rtt     tags',
      '100_127_255_193  on controller 3  ha    203.0.113.7:40000  90 s  4.2 ms  site=Berlin spare',
      '100_127_255_193  free             -     -                  -     -',
    ]);
    expect(packsView([])).toEqual(['No clientpacks']);
  });

  it('say the whole truth about one', () => {
    const text = packView(pack, NOW).join('\n');
    for (const part of [
      'controller 3, ha',
      'yes, 5 h ago',
      'generation 1',
      '10.20.0.0/16',
      'moved from controller 1 to 3',
      'RTT:         4.2 ms',
    ])
      expect(text).toContain(part);
    const silent = { ...pack, client: { ...pack.client!, rtt_ms: null } };
    expect(packView(silent, NOW).join('\n')).toContain('RTT:         not known');
    expect(packsView([silent], NOW)[1]).toContain('90 s  -    site=Berlin');
    expect(packView({ ...pack, client: null, ready: false }, NOW).join('\n')).toContain('not made yet');
  });
});
