import type { Addressing } from '../topology/addressing.ts';
import type { LicensePayload } from './license-payload.ts';
import type { StoredLicense } from './license-store.ts';
import { licenseSha1 } from './license-text.ts';

/** The shapes in which the API shows a licence and its topology. */
export interface WireAddress {
  ip_address: string;
  octets: number[];
}

export interface WireTopology {
  managers: { manager_id: number; asn: number; overlay_ipaddress: WireAddress }[];
  clients: WireAddress[];
  total_clients: number;
  overlay_max_clients: number;
  overlay_subnet: string;
  ipsec_max_endpoints: number;
  ipsec_max_subnets: number;
  links_limit: number;
  license_upgrades: string[];
}

export interface WireParameters {
  license: 'accepted';
  finalized: true;
  parameters: {
    subnet: string;
    managers: string[];
    controllers: string[];
    clients: string[];
    asns: number[];
    my_manager_vip: string;
    /** Our own, and absent when off. */
    ipv6?: true;
  };
}

export interface WireUpload {
  license: 'accepted';
  finalized: false;
  license_present: true;
  capabilities: string[];
  default_topology: WireTopology;
}

export interface WireLicense {
  license_present: true;
  license: 'accepted';
  sha1_checksum: string;
  uploaded_at: string;
  uploaded_at_i: number;
  finalized: boolean;
  custom_addressing: boolean;
  my_manager_vip: string;
  /** Our own, and absent when off. */
  ipv6?: true;
  capabilities: string[];
  container_details: { containers_run_count: number; containers_image_count: number };
  topology: WireTopology;
}

interface Shown {
  stored: StoredLicense;
  payload: LicensePayload;
  addressing: Addressing;
  finalized: boolean;
  upgrades: string[];
}

export function wireUpload(payload: LicensePayload, proposal: Addressing): WireUpload {
  return {
    license: 'accepted',
    finalized: false,
    license_present: true,
    capabilities: payload.capabilities,
    default_topology: wireTopology(payload, proposal, []),
  };
}

export function wireLicense({ stored, payload, addressing, finalized, upgrades }: Shown): WireLicense {
  return {
    license_present: true,
    license: 'accepted',
    sha1_checksum: licenseSha1(stored.text),
    uploaded_at: new Date(stored.uploadedAt * 1000).toISOString(),
    uploaded_at_i: stored.uploadedAt,
    finalized,
    custom_addressing: payload.customAddressing,
    my_manager_vip: addressing.vip,
    ...(addressing.ipv6 && { ipv6: addressing.ipv6 }),
    capabilities: payload.capabilities,
    container_details: { containers_run_count: 0, containers_image_count: 0 },
    topology: wireTopology(payload, addressing, upgrades),
  };
}

export function wireAddress(address: string): WireAddress {
  return { ip_address: address, octets: address.split('.').map(Number) };
}

export function wireTopology(
  payload: LicensePayload,
  addressing: Addressing,
  upgrades: readonly string[],
): WireTopology {
  return {
    managers: addressing.controllers.map(({ id, asn, address }) => ({
      manager_id: id,
      asn,
      overlay_ipaddress: wireAddress(address),
    })),
    clients: addressing.clients.map(wireAddress),
    total_clients: addressing.clients.length,
    overlay_max_clients: payload.clients,
    overlay_subnet: addressing.subnet,
    ipsec_max_endpoints: payload.ipsecEndpoints,
    ipsec_max_subnets: payload.ipsecSubnets,
    links_limit: payload.links,
    license_upgrades: [...upgrades],
  };
}

export function wireParameters({ subnet, vip, controllers, clients, ipv6 }: Addressing): WireParameters {
  const addresses = controllers.map((c) => c.address);
  return {
    license: 'accepted',
    finalized: true,
    parameters: {
      subnet,
      managers: addresses,
      controllers: [...addresses],
      clients: [...clients],
      asns: controllers.map((c) => c.asn),
      my_manager_vip: vip,
      ...(ipv6 && { ipv6 }),
    },
  };
}
