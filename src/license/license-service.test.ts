import { beforeEach, describe, expect, it } from 'vitest';
import type { Cidr } from '../net/ipv4.ts';
import { Database } from '../store/database.ts';
import { createAuthority, issueLicense, type LicenseRequest, parseAuthority } from './authority.ts';
import { wirePreview } from './license-preview.ts';
import { LicenseService } from './license-service.ts';
import { parseLicense } from './license-text.ts';

const authority = createAuthority();
const stranger = createAuthority();
const trusted = [parseAuthority(authority.publicKeyPem), parseAuthority(stranger.publicKeyPem)];
const issue = (request: Partial<LicenseRequest>, key = authority.privateKeyPem) =>
  issueLicense(
    { issuedTo: 'Example', controllers: 3, clients: 20, issuedAt: '2026-01-01T00:00:00Z', ...request },
    key,
  );

let now = 0;
let db: Database;
let service: LicenseService;

beforeEach(() => {
  now = Date.parse('2026-06-01T12:00:00Z');
  db = new Database(':memory:');
  service = new LicenseService(
    db,
    () => trusted,
    () => now,
  );
});

describe('licence service', () => {
  it('goes from nothing over uploaded to licensed', () => {
    expect(() => service.show()).toThrow('Must be licensed first.');
    expect(() => service.acceptParameters({ default: true })).toThrow('Must be licensed first.');
    let changes = 0;
    service.onChange.push(() => changes++);

    const { body, restart } = service.upload(issue({}));
    expect(restart).toBe(false);
    expect(body).toMatchObject({ license: 'accepted', finalized: false, license_present: true });
    expect(body.default_topology.managers[0]).toEqual({
      manager_id: 1,
      asn: 65001,
      overlay_ipaddress: { ip_address: '100.127.255.253', octets: [100, 127, 255, 253] },
    });
    expect(service.show()).toMatchObject({ finalized: false, uploaded_at_i: now / 1000 });
    expect(service.addressing()).toBeNull();
    expect(() => service.requireUploaded()).not.toThrow();
    expect(() => service.requireLicensed()).toThrow('Must be licensed first.');

    const accepted = service.acceptParameters({ default: true });
    expect(accepted.restart).toBe(true);
    expect(accepted.body.parameters).toMatchObject({
      subnet: '100.127.255.192/26',
      managers: ['100.127.255.253', '100.127.255.252', '100.127.255.251'],
      asns: [65001, 65002, 65003],
      my_manager_vip: '100.127.255.254',
    });
    expect(service.show()).toMatchObject({ finalized: true, my_manager_vip: '100.127.255.254' });
    expect(service.requireLicensed().clients).toHaveLength(20);
    expect(changes).toBe(2);
  });

  it('takes another licence until parameters are accepted, and none after', () => {
    service.upload(issue({}));
    service.upload(issue({ clients: 5 }));
    expect(() => service.upload('nonsense')).toThrow('Bad license');
    expect(service.grant()).toMatchObject({ clients: 5 });
    service.acceptParameters({ default: true });
    expect(() => service.upload(issue({}))).toThrow('upload an upgrade instead');
    expect(() => service.acceptParameters({ default: true })).toThrow('cannot be changed');
    expect(() => service.acceptParameters({ subnet: '10.0.0.0/24' })).toThrow('cannot be changed');
  });

  it('leaves everything as it was after bad parameters', () => {
    service.upload(issue({}));
    expect(() => service.acceptParameters({ subnet: '127.0.0.0/24' })).toThrow('loopback');
    expect(service.addressing()).toBeNull();
  });

  it('may be installed from another controller that trusts another authority', () => {
    service.upload(issue({}));
    service.acceptParameters({ default: true });
    const exported = service.exported()!;
    const other = new LicenseService(
      new Database(':memory:'),
      () => [],
      () => Date.parse('2030-01-01'),
    );
    expect(() => other.install({ ...exported, authorityPem: stranger.publicKeyPem })).toThrow('not trusted');
    other.install(exported);
    expect(other.show()).toEqual(service.show());
    expect(other.sha1()).toBe(service.sha1());
  });
});

describe('licence upgrade', () => {
  let uuid: string;

  beforeEach(() => {
    const text = issue({});
    uuid = parseLicense(text).payload.uuid;
    service.upload(text);
    service.acceptParameters({ default: true });
  });

  it('numbers what it adds by itself when there is room', () => {
    const before = service.requireLicensed();
    const larger = issue({ controllers: 5, clients: 40, upgrades: uuid });
    expect(service.preview(larger)).toMatchObject({ kind: 'upgrade', payload: { clients: 40 }, before });
    expect(service.addressing()).toEqual(before);
    expect(service.upgrade(larger)).toMatchObject({
      restart: false,
      body: { license: 'accepted', finalized: true },
    });
    const after = service.requireLicensed();
    expect(after.controllers.slice(0, 3)).toEqual(before.controllers);
    expect([after.controllers.length, after.clients.length]).toEqual([5, 40]);
    expect(service.show()).toMatchObject({ finalized: true, topology: { license_upgrades: [uuid] } });
    expect(service.acceptParameters({ clients: '', managers: '' })).toMatchObject({ restart: false });
    expect(service.requireLicensed()).toEqual(after);
  });

  it('lets the operator choose other addresses directly afterwards, but not for long', () => {
    service.upgrade(issue({ clients: 22 }));
    service.acceptParameters({ clients: '100.127.255.240,100.127.255.241' });
    const { clients } = service.requireLicensed();
    expect(clients.slice(-2)).toEqual(['100.127.255.240', '100.127.255.241']);
    expect(clients).toHaveLength(22);
    now += 3600_000;
    expect(() => service.acceptParameters({ clients: '100.127.255.242' })).toThrow('the license grants 22');
  });

  it('waits for parameters when the subnet is full, with the old addressing in force', () => {
    const before = service.requireLicensed();
    const answer = service.upgrade(issue({ clients: 100 }));
    expect(answer.body).toMatchObject({ finalized: false, new_clientpacks: 80 });
    expect(service.addressing()).toEqual(before);
    expect(service.grant()).toMatchObject({ clients: 20 });
    expect(service.show().finalized).toBe(false);
    expect(() => service.acceptParameters({ managers: '' })).toThrow('choose a larger subnet');
    const accepted = service.acceptParameters({ subnet: '100.127.255.0/24' });
    expect(accepted.restart).toBe(false);
    expect(accepted.body.parameters.clients).toHaveLength(100);
    expect(service.show()).toMatchObject({ finalized: true, topology: { overlay_max_clients: 100 } });
  });

  it('refuses what is no upgrade', () => {
    expect(() => service.upgrade(issue({ clients: 10 }))).toThrow('grants 10 clients, fewer than the 20');
    expect(() => service.upgrade(issue({ clients: 50 }, stranger.privateKeyPem))).toThrow(
      'authority of the license in force',
    );
    expect(() => service.upgrade(issue({ uuid, clients: 50 }))).toThrow('in force already');
    expect(() => service.upgrade(issue({ upgrades: '00000000-0000-4000-8000-000000000000' }))).toThrow(
      'it upgrades license',
    );
    expect(service.show().finalized).toBe(true);
  });
});

describe('IPv6 inside of the overlay', () => {
  it('is switched on and off at any time, and nothing else changes with it', () => {
    service.upload(issue({}));
    expect(() => service.acceptParameters({ ipv6: true })).toThrow('default');
    service.acceptParameters({ default: true });
    const before = service.addressing();
    expect(service.show().ipv6).toBeUndefined();
    const { body, restart } = service.acceptParameters({ ipv6: true });
    expect([body.parameters.ipv6, restart]).toEqual([true, false]);
    expect(service.addressing()).toEqual({ ...before, ipv6: true });
    expect(service.show().ipv6).toBe(true);
    service.acceptParameters({ clients: '' });
    expect(service.addressing()?.ipv6).toBe(true);
    expect(() => service.acceptParameters({ ipv6: 'perhaps' })).toThrow('ipv6 is invalid');
    service.acceptParameters({ ipv6: false });
    expect(service.addressing()).toEqual(before);
  });

  it('outlives an upgrade, and comes with the addresses', () => {
    const text = issue({});
    service.upload(text);
    service.acceptParameters({ default: true, ipv6: true });
    service.upgrade(issue({ clients: 22, upgrades: parseLicense(text).payload.uuid }));
    expect(service.addressing()).toMatchObject({ ipv6: true, clients: { length: 22 } });
  });
});

describe('networks of this machine', () => {
  const subnet = '172.31.7.0/24';
  const at = (cidr: string) => () => [{ interface: 'eth0', cidr: cidr as Cidr }];

  it('may not lie in the overlay, in the preview as little as in earnest', () => {
    service.upload(issue({}));
    service.localNetworks = at('172.31.0.0/16');
    const words = 'subnet 172.31.7.0/24 overlaps 172.31.0.0/16, the network of eth0 on this machine';
    expect(() => service.previewParameters({ subnet })).toThrow(words);
    expect(() => service.acceptParameters({ subnet })).toThrow(words);
    expect(service.addressing()).toBeNull();
    expect(service.previewParameters({ default: true }).subnet).toBe('100.127.255.192/26');
    service.localNetworks = at('100.64.0.0/10');
    expect(() => service.acceptParameters({ default: true })).toThrow('subnet 100.127.255.192/26 overlaps');
    expect(wirePreview(service.preview(issue({})), service.localNetworks()).problem).toMatchObject({
      code: 'SUBNET_OVERLAPS_LOCAL',
      field: 'subnet',
    });
  });

  it('that came up later do not stand in the way of an upgrade', () => {
    const text = issue({});
    service.upload(text);
    service.acceptParameters({ default: true });
    service.localNetworks = at('100.64.0.0/10');
    const larger = issue({ controllers: 4, clients: 22, upgrades: parseLicense(text).payload.uuid });
    expect(wirePreview(service.preview(larger), service.localNetworks())).toMatchObject({
      kind: 'upgrade',
      grants: { controllers: 4 },
      current: { controllers: 3 },
      needs_addresses: false,
      added: {
        controllers: [{ id: 4, address: '100.127.255.250', asn: 65004 }],
        client_count: 2,
        client_ranges: ['100.127.255.213-100.127.255.214'],
      },
      problem: null,
    });
    service.upgrade(larger);
    expect(() => service.acceptParameters({ clients: '' })).not.toThrow();
  });
});
