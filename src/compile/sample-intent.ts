import type { Cidr, Ipv4 } from '../net/ipv4.ts';
import type { ControllerId } from '../topology/controller-id.ts';
import type { Intent } from './intent.ts';

/** Controller 2 of three, with every kind of peer and route. For tests and golden files. */
export function sampleIntent(): Intent {
  // 32 bytes leave two bits of the last letter unused; `wg` wants them to be zero.
  const key = (letter: string) => `${letter.repeat(42)}A=`;
  const peer = (id: number) => ({
    id: id as ControllerId,
    endpoint: `192.0.2.${id}`,
    overlayMtu: 1500,
    bfd: { intervalMs: 20, multiplier: 3 },
    avoid: false,
    pinned: false,
    privateKey: key('A'),
    peerPublicKey: key('B'),
    presharedKey: key('C'),
  });
  const route = (cidr: string, advertise: boolean, gateway: string | null, device: string | null) => ({
    cidr: cidr as Cidr,
    gateway: gateway as Ipv4 | null,
    interface: device,
    metric: 0,
    advertise,
  });
  return {
    self: 2 as ControllerId,
    instance: 3735928559,
    version: [1, 2, 3],
    topologyChecksum: '0123456789abcdef0123456789abcdef01234567',
    overlaySubnet: '100.127.255.192/26' as Cidr,
    vip: '100.127.255.254' as Ipv4,
    controllers: [1, 2, 3].map((id) => ({
      id: id as ControllerId,
      address: `100.127.255.${254 - id}` as Ipv4,
      asn: 65000 + id,
    })),
    peers: [
      { ...peer(1), endpoint: '2001:db8::1', pinned: true },
      { ...peer(3), overlayMtu: 1000, bfd: { intervalMs: 50, multiplier: 7 }, avoid: true },
    ],
    routes: [
      route('10.2.0.0/16', true, null, null),
      route('10.3.0.0/16', true, '10.2.0.1', 'eth1'),
      route('10.4.0.0/16', false, '10.2.0.1', null),
    ],
    ntpHosts: ['ntp.example.net'],
  };
}
