import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { type Static, Type } from 'typebox';
import type { CertificateStanding } from '../https/https-certificate.ts';
import type { Mesh } from '../mesh/mesh.ts';
import type { MeshStatus } from './mesh-status.ts';

/** One thing that was looked at, and what to do about it when it is not as it should be. */
export const DoctorCheck = Type.Object({
  name: Type.String(),
  state: Type.Union([
    Type.Literal('ok'),
    Type.Literal('warn'),
    Type.Literal('fail'),
    Type.Literal('unknown'),
  ]),
  text: Type.String(),
  remedy: Type.String(),
});
export type DoctorCheck = Static<typeof DoctorCheck>;

/** Clocks further apart than this make event times of two controllers hard to compare. */
const CLOCK_WARN_MS = 2000;

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
      'The applier does not run.',
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

function peerChecks(mesh: Mesh, status: MeshStatus): DoctorCheck[] {
  const rows = mesh.parts.peering.effective().rows;
  return rows.flatMap((row) => {
    const checks: DoctorCheck[] = [];
    const name = `controller ${row.id}`;
    const dns = mesh.resolver.failureOf(row.address);
    if (dns) {
      const kept = mesh.resolver.addressOf(row.address);
      const text = `${row.address} does not resolve now (${dns})${kept ? `; its last answer ${kept} stays in use` : ''}.`;
      checks.push({
        name: `${name}: name`,
        state: kept ? 'warn' : 'fail',
        text,
        remedy: 'Check the DNS server.',
      });
    } else if (isIP(row.address) === 0) {
      const text = `${row.address} is ${mesh.resolver.addressOf(row.address) ?? 'being looked up'}.`;
      checks.push({ name: `${name}: name`, state: 'ok', text, remedy: '' });
    }
    const link = status.links.find((entry) => entry.peer === row.id);
    if (link) {
      const reason = link.reasons[0];
      checks.push({
        name: `${name}: link`,
        state: link.state === 'up' ? 'ok' : link.state === 'degraded' ? 'warn' : 'fail',
        text: reason?.text ?? 'BFD and BGP are up.',
        remedy: reason?.remedy ?? '',
      });
    }
    const hello = mesh.watchOf(row.id).hello;
    if (hello?.kind === 'answer') {
      const off = Math.abs(hello.clock - mesh.watchOf(row.id).helloAt);
      checks.push(
        check(
          `${name}: clock`,
          off < CLOCK_WARN_MS,
          'The clocks agree.',
          `The clocks differ by ${(off / 1000).toFixed(1)} s.`,
          'Set ntp_hosts on both controllers.',
          'warn',
        ),
      );
    }
    const member = status.members.find((entry) => entry.id === row.id);
    if (member && member.checksum !== 'unknown') {
      checks.push(
        check(
          `${name}: checksum`,
          member.checksum === 'match',
          'The topology checksums are equal.',
          'The topology checksums differ.',
          'One of the two has another licence state or addressing; fetch the keyset again there, or finish the licence upgrade.',
        ),
      );
    }
    return checks;
  });
}

function check(
  name: string,
  isGood: boolean,
  good: string,
  bad: string,
  remedy: string,
  state: 'fail' | 'warn' = 'fail',
): DoctorCheck {
  return isGood ? { name, state: 'ok', text: good, remedy: '' } : { name, state, text: bad, remedy };
}
