import { describe, expect, it } from 'vitest';
import { parseRoutes } from './bird-parse.ts';
import { attachedSince, establishedSince } from './clients-observe.ts';
import { parseSession } from './openvpn-management.ts';

describe('what the engines say of clients', () => {
  it('reads a session of OpenVPN 2.6, over IPv4 and over IPv6', () => {
    const line = (endpoint: string, address: string) =>
      `CLIENT_LIST\t100_127_255_2_0x6D\t${endpoint}\t${address}\t\t3871\t3962\t2026-11-24 11:52:43\t1795521163\tUNDEF\t4\t0\tAES-256-GCM`;
    expect(parseSession(line('10.195.0.101:40123', '100.127.255.2'))).toEqual([
      {
        name: '100_127_255_2_0x6D',
        endpoint: '10.195.0.101:40123',
        address: '100.127.255.2',
        rxBytes: 3871,
        txBytes: 3962,
        since: 1795521163000,
        id: 4,
      },
    ]);
    expect(parseSession(line('[::ffff:10.195.0.101]:40123', '100.127.255.2'))[0]?.endpoint).toBe(
      '10.195.0.101:40123',
    );
    expect(parseSession(line('10.195.0.101:40123', ''))).toEqual([]);
    expect(parseSession('HEADER\tCLIENT_LIST\tCommon Name')).toEqual([]);
    expect(parseSession('END')).toEqual([]);
  });

  it('reads since when a client is attached here', () => {
    const routes = parseRoutes([
      'Table master4:',
      '100.127.255.2/32     unicast [attached 2026-11-24 11:41:30.430] * (1001)',
      '\tdev mwclients',
      '100.127.255.3/32     unicast [peer3 2026-11-24 11:41:12.859] * (1001) [AS65003i]',
      '10.1.0.0/24          unicast [announced 2026-11-24 11:41:12.859] * (200)',
    ]);
    expect([...attachedSince(routes)]).toEqual([['100.127.255.2', Date.parse('2026-11-24T11:41:30.430Z')]]);
  });

  it('reads which HA clients are there', () => {
    const lines = [
      'Name       Proto      Table      State  Since         Info',
      'ha_100_127_255_2 BGP        ---        up     2026-11-24 11:41:30.430  Established   ',
      'ha_100_127_255_3 BGP        ---        start  2026-11-24 11:41:12.859  Passive       ',
    ];
    expect([...establishedSince(lines)]).toEqual([
      ['ha_100_127_255_2', Date.parse('2026-11-24T11:41:30.430Z')],
    ]);
  });
});
