import { arch, cpus, freemem, loadavg, release, totalmem, uptime } from 'node:os';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Access } from '../access/access.ts';
import type { KeysetService } from '../keyset/keyset-service.ts';
import type { LicenseService } from '../license/license-service.ts';
import type { Mesh } from '../mesh/mesh.ts';
import type { Database } from '../store/database.ts';
import { VERSION, VNS3_VERSION } from '../version.ts';
import type { DoctorCheck } from './doctor-check.ts';
import type { EventLog } from './event-log.ts';
import type { MeshStatus } from './mesh-status.ts';
import { Redactor } from './redact.ts';

export interface DiagnosticSources {
  readonly db: Database;
  readonly mesh: Mesh;
  readonly events: EventLog;
  readonly license: LicenseService;
  readonly keyset: KeysetService;
  readonly access: Access;
  status(): MeshStatus;
  doctor(): Promise<DoctorCheck[]>;
}

export interface DiagnosticBundle {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Everything that helps somebody else to understand this controller, in one file without a secret in it. */
export async function diagnosticBundle(sources: DiagnosticSources): Promise<DiagnosticBundle> {
  const now = new Date();
  const stamp = now.toISOString().slice(0, 16).replaceAll(/[-:]/g, '').replace('T', '-');
  const content = new Redactor(sources.db).clean(JSON.parse(JSON.stringify(await collect(sources, now))));
  const bytes = await promisify(gzip)(JSON.stringify(content, null, 1));
  return { name: `meshwright-diagnostics-${stamp}.json.gz`, bytes };
}

async function collect(sources: DiagnosticSources, now: Date) {
  const { mesh, events, license, keyset, access } = sources;
  const { peering, routes, names } = mesh.parts;
  const doctor = await sources.doctor();
  return {
    format: 1,
    made_at: now.toISOString(),
    versions: {
      meshwright: VERSION,
      vns3: VNS3_VERSION,
      runtime: process.versions,
      kernel: release(),
      arch: arch(),
    },
    process: {
      uptime_s: Math.round(process.uptime()),
      memory: process.memoryUsage(),
      usage: process.resourceUsage(),
    },
    machine: {
      cpus: cpus().length,
      memory: { total: totalmem(), free: freemem() },
      load: loadavg(),
      uptime_s: Math.round(uptime()),
    },
    config: {
      topology_name: names.topologyName(),
      controller_name: names.controllerName(),
      ntp_hosts: names.ntpHosts(),
      peering: { in_force: peering.effective(), form: peering.current() },
      routes: routes.intents(),
      license: { grant: license.grant(), sha1: license.sha1(), addressing: license.addressing() },
      keyset: { step: keyset.step(), checksum: keyset.fingerprint(), failure: keyset.failure() },
      console: { enabled: access.account.enabled, hosts: access.hosts.names() },
    },
    doctor,
    status: sources.status(),
    observed: mesh.observed,
    events: events.list({ limit: 1000 }),
  };
}
