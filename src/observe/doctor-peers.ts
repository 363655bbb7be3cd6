import { isIP } from 'node:net';
import type { Mesh } from '../mesh/mesh.ts';
import { check, type DoctorCheck } from './doctor-check.ts';
import type { MeshStatus } from './mesh-status.ts';

/** Clocks further apart than this make event times of two controllers hard to compare. */
const CLOCK_WARN_MS = 2000;

/** For each row that has an address: its name, its link, its clock, its checksum. */
export function peerChecks(mesh: Mesh, status: MeshStatus): DoctorCheck[] {
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
