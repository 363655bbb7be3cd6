/**
 * Shapes whose schemas the API does not export yet. Each is to become an import of the schema's type; nothing but
 * this folder imports from here.
 */
export interface PeeringRow {
  readonly id: number;
  readonly overlay_ipaddress: string;
  readonly self: boolean;
  readonly address: string | null;
  readonly mtu: number | null;
  readonly draft: boolean;
  readonly reachable: boolean;
}

export interface PeeringTable {
  readonly self: number | null;
  readonly licensed: number;
  readonly draft: boolean;
  readonly rows: readonly PeeringRow[];
}

export interface KeysetProgress {
  readonly state: 'absent' | 'in_progress' | 'present';
  readonly step: string | null;
  readonly started_at: number | null;
  readonly failure: { readonly code: string; readonly message: string; readonly at: number } | null;
  readonly checksum: string | null;
  readonly may_generate: boolean;
  readonly may_fetch: boolean;
}

export interface Config {
  readonly private_ipaddress: string;
  readonly topology_checksum: string;
  readonly topology_name: string;
  readonly controller_name: string;
  readonly ntp_hosts: string;
}

export interface Route {
  readonly id: number;
  readonly cidr: string;
  readonly interface: string;
  readonly gateway?: string;
  readonly description: string;
  readonly advertise: boolean;
  readonly enabled: boolean;
  readonly metric: number;
  readonly msg?: string;
}

export interface SystemStatus {
  readonly kernel_version: string;
  readonly uptime: number;
  readonly loadavg: readonly string[];
  readonly diskinfo: readonly (readonly string[])[];
  readonly meminfo: readonly string[];
}
