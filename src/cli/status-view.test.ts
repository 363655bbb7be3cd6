import { describe, expect, it } from 'vitest';
import type { Link, MeshStatus } from '../observe/mesh-status.ts';
import { isHealthy, statusView } from './status-view.ts';

const at = 1_800_000_000_000;

const link = (peer: number, more: Partial<Link> = {}): Link => ({
  peer,
  state: 'up',
  since: at - 90_000,
  reasons: [],
  address: `10.195.0.${peer}`,
  endpoint: `10.195.0.${peer}:1195`,
  port: 1195,
  bfd: { state: 'Up', since: at, interval_ms: 20, timeout_ms: 60 },
  bgp: { state: 'Established', since: null, last_error: null, routes_imported: 3, routes_exported: 3 },
  probe: { rtt_ms: 0.42, jitter_ms: 0.1, loss: 0, window: 60 },
  mtu: { size: 1420, passes: true, checked_at: at },
  last_packet_at: at,
  handshake_at: at,
  rx_bytes: 0,
  tx_bytes: 0,
  path: { kind: 'direct', controllers: [peer] },
  ...more,
});

const status = (links: Link[]): MeshStatus => ({
  at,
  controller: {
    id: 1,
    name: 'paris',
    topology_name: 'lab',
    overlay_ipaddress: '100.127.255.253',
    vip: '100.127.255.254',
    overlay_subnet: '100.127.255.192/26',
    asn: 65001,
    private_ipaddress: '10.195.0.1',
    version: '0.1.0',
    vns3_version: '6.6.0-meshwright.0.1.0',
    topology_checksum: '445a1d7b'.repeat(5),
    licensed: true,
    licensed_controllers: 10,
    licensed_clients: 100,
    keyset: 'present',
    bfd_profile: 'auto',
    started_at: at,
  },
  applier: {
    connected: true,
    last_error: null,
    cpu_idle: 0.9,
    engines: [{ name: 'bird', running: true, since: at }],
  },
  links,
  far_links: [],
  members: [
    {
      id: 2,
      name: 'rome',
      overlay_ipaddress: '100.127.255.252',
      asn: 65002,
      known: true,
      path: { kind: 'via', controllers: [3, 2] },
      version: '0.1.0',
      topology_checksum: null,
      checksum: 'match',
      networks: ['10.201.2.0/24'],
      clients: 0,
      drained: false,
    },
  ],
  routes: [],
});

const broken = link(2, {
  state: 'down',
  since: at - 7_200_000,
  bfd: { state: 'Down', since: at, interval_ms: null, timeout_ms: null },
  bgp: { state: 'Active', since: null, last_error: null, routes_imported: 0, routes_exported: 0 },
  probe: { rtt_ms: null, jitter_ms: null, loss: 1, window: 60 },
  mtu: { size: 1420, passes: false, checked_at: at },
  path: { kind: 'via', controllers: [3, 2] },
  reasons: [{ code: 'x', text: 'UDP 1195 passes in neither direction.', remedy: 'Open UDP 1195.' }],
});

describe('status for a person', () => {
  it('shows links, what is wrong with remedies, and members', () => {
    expect(statusView(status([broken, link(3)]))).toEqual([
      'Controller 1 "paris" of topology "lab" (checksum 445a1d7b)',
      'Overlay 100.127.255.253  VIP 100.127.255.254  ASN 65001  version 0.1.0',
      '',
      'link  state  since  rtt     loss   BFD         BGP          MTU         traffic  endpoint',
      '2     down   2 h    -       100 %  Down        Active       1420 fails  via 3    10.195.0.2:1195',
      '3     up     90 s   0.4 ms  0 %    Up (60 ms)  Established  1420        direct   10.195.0.3:1195',
      '',
      'What is wrong',
      '  2: UDP 1195 passes in neither direction.\n     Open UDP 1195.',
      '',
      'controller  name  overlay          way    checksum  version  networks',
      '2           rome  100.127.255.252  via 3  match     0.1.0    10.201.2.0/24',
    ]);
  });

  it('says what comes next while a controller is being set up', () => {
    const fresh = status([]);
    fresh.controller.licensed = false;
    fresh.controller.id = null;
    const text = statusView(fresh).join('\n');
    expect(text).toContain('no id yet');
    expect(text).toContain('meshwright license upload');
  });

  it('is healthy only when nothing needs anybody', () => {
    expect(isHealthy(status([link(2), link(3)]))).toBe(true);
    expect(isHealthy(status([link(2), link(3, { state: 'degraded' })]))).toBe(false);
    const silent = status([]);
    silent.applier.connected = false;
    expect(isHealthy(silent)).toBe(false);
    expect(statusView(silent).join('\n')).toContain('The applier does not answer');
  });
});
