import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import type { CertificateStanding } from '../https/https-certificate.ts';
import type { Mesh } from '../mesh/mesh.ts';
import { check, type DoctorCheck } from './doctor-check.ts';
import { detectionCheck } from './doctor-detection.ts';
import { peerChecks } from './doctor-peers.ts';
import type { MeshStatus } from './mesh-status.ts';

/** Looks at everything that commonly keeps a mesh from working, machine first, then each link. */
export async function examine(
  mesh: Mesh,
  status: MeshStatus,
  certificate: CertificateStanding,
): Promise<DoctorCheck[]> {
  await mesh.resolver.refresh();
  return [
    ...machineChecks(mesh, status),
    certificateCheck(certificate),
    ...setupChecks(status),
    detectionCheck(status.links, release()),
    ...peerChecks(mesh, status),
  ];
}

function certificateCheck({ state, days, selfSigned }: CertificateStanding): DoctorCheck {
  const remedy = selfSigned
    ? 'Go back to a self-signed certificate, which makes a new one, or upload one.'
    : 'Get a new one from its issuer and upload it: Access, HTTPS certificate.';
  const name = 'certificate';
  switch (state) {
    case 'ok':
      return { name, state: 'ok', text: `The HTTPS certificate is good for ${days} days.`, remedy: '' };
    case 'soon':
      return { name, state: 'warn', text: `The HTTPS certificate ends in ${days} days.`, remedy };
    case 'over':
      return { name, state: 'fail', text: 'The HTTPS certificate is over.', remedy };
    case 'absent':
      return { name, state: 'unknown', text: 'There is no HTTPS certificate on disk.', remedy: '' };
  }
}

function machineChecks(mesh: Mesh, { applier }: MeshStatus): DoctorCheck[] {
  const stopped = applier.engines.filter((engine) => !engine.running).map((engine) => engine.name);
  return [
    check(
      'applier',
      applier.connected,
      'The applier answers.',
      'The applier does not answer: it does not run, or it hangs.',
      'Start it: systemctl start meshwright-applier, or look at its log.',
    ),
    check(
      'last apply',
      applier.last_error === null,
      'The last change was applied completely.',
      `The last change failed: ${applier.last_error}`,
      'It is tried again every few seconds; correct what the text names.',
    ),
    check(
      'engines',
      stopped.length === 0,
      `${applier.engines.length} engines run.`,
      `Not running: ${stopped.join(', ')}.`,
      'They are restarted by their supervisor; if one stays down, look at its log.',
    ),
    sysctl(
      'forwarding',
      'net/ipv4/ip_forward',
      (value) => value === '1',
      'Packets are forwarded between links and sites.',
    ),
    sysctl(
      'rp_filter',
      'net/ipv4/conf/all/rp_filter',
      (value) => value !== '1',
      'Asymmetric paths are allowed (loose reverse path filter).',
    ),
    cpu(mesh),
  ];
}

function cpu(mesh: Mesh): DoctorCheck {
  const idle = mesh.observed?.cpuIdle ?? null;
  if (idle === null) return { name: 'cpu', state: 'unknown', text: 'Nothing was measured yet.', remedy: '' };
  return check(
    'cpu',
    idle > 0.1,
    `${Math.round(idle * 100)} % of the CPU is idle.`,
    `Only ${Math.round(idle * 100)} % of the CPU is idle.`,
    'Detection slows down under this load; give the machine more cores.',
    'warn',
  );
}

function sysctl(name: string, path: string, isGood: (value: string) => boolean, text: string): DoctorCheck {
  let value: string;
  try {
    value = readFileSync(`/proc/sys/${path}`, 'utf8').trim();
  } catch {
    return { name, state: 'unknown', text: `${path} cannot be read here.`, remedy: '' };
  }
  const key = path.replaceAll('/', '.');
  return check(
    name,
    isGood(value),
    text,
    `${key} is ${value}.`,
    `Something else on this machine sets it; look for ${key} in /etc/sysctl.d.`,
  );
}

function setupChecks({ controller }: MeshStatus): DoctorCheck[] {
  return [
    check(
      'licence',
      controller.licensed,
      `${controller.licensed_controllers} controllers, ${controller.licensed_clients} clients.`,
      'There is no licence yet.',
      'Upload one (the free one will do), join a topology, or fetch a keyset.',
    ),
    check(
      'keyset',
      controller.keyset === 'present',
      'The keyset is present.',
      'There is no keyset yet.',
      'Generate it on controller 1, fetch it on the others.',
    ),
    check(
      'this instance',
      controller.id !== null,
      `This is controller ${controller.id}.`,
      'This controller has no id yet.',
      'Set "this instance" in Controller Peering.',
    ),
  ];
}
