import type { Link, Member, MeshStatus, PathNow } from '../observe/mesh-status.ts';
import { ago, table } from './output.ts';

/** `GET /api/mesh` as an operator wants to read it: what is wrong first comes with why and what to do. */
export function statusView(status: MeshStatus): string[] {
  const { controller, applier, links, members } = status;
  const name = controller.name === '' ? '' : ` "${controller.name}"`;
  const lines = [
    controller.id === null
      ? `Controller${name}, no id yet`
      : `Controller ${controller.id}${name} of ${topology(status)}`,
    `Overlay ${controller.overlay_ipaddress ?? '-'}  VIP ${controller.vip ?? '-'}  ASN ${controller.asn ?? '-'}  version ${controller.version}`,
    ...nextStep(status),
    ...engineLines(applier),
  ];
  if (links.length > 0)
    lines.push(
      '',
      ...table(
        LINK_HEAD,
        links.map((link) => linkRow(link, status.at)),
      ),
    );
  const troubles = links.flatMap((link) =>
    link.reasons.map((reason) => `  ${link.peer}: ${reason.text}\n     ${reason.remedy}`),
  );
  if (troubles.length > 0) lines.push('', 'What is wrong', ...troubles);
  const known = members.filter((member) => member.known && member.id !== controller.id);
  if (known.length > 0) lines.push('', ...table(MEMBER_HEAD, known.map(memberRow)));
  return lines;
}

/** True when nothing needs an operator: what `meshwright status` tells a script by its exit code. */
export function isHealthy({ controller, applier, links }: MeshStatus): boolean {
  return (
    controller.id !== null &&
    applier.connected &&
    applier.last_error === null &&
    applier.engines.every((engine) => engine.running) &&
    links.every((link) => link.state === 'up')
  );
}

function topology({ controller }: MeshStatus): string {
  const name = controller.topology_name === '' ? 'topology' : `topology "${controller.topology_name}"`;
  return `${name} (checksum ${controller.topology_checksum.slice(0, 8)})`;
}

function nextStep({ controller }: MeshStatus): string[] {
  if (!controller.licensed)
    return ['Next: give it a licence (`meshwright license upload`), or join a topology'];
  if (controller.keyset === 'in_progress') return ['The keyset is being set up'];
  if (controller.keyset === 'absent') return ['Next: make or fetch the keyset (`meshwright keyset`)'];
  if (controller.id === null) return ['Next: say which controller this is (`meshwright peering self <id>`)'];
  return [];
}

function engineLines(applier: MeshStatus['applier']): string[] {
  if (!applier.connected)
    return ['The applier does not answer: traffic goes on, changes and figures wait for it'];
  const dead = applier.engines.filter((engine) => !engine.running).map((engine) => engine.name);
  return [
    ...(dead.length > 0 ? [`Not running: ${dead.join(', ')}`] : []),
    ...(applier.last_error === null ? [] : [`The last change was not applied: ${applier.last_error}`]),
  ];
}

const LINK_HEAD = ['link', 'state', 'since', 'rtt', 'loss', 'BFD', 'BGP', 'MTU', 'traffic', 'endpoint'];

function linkRow(link: Link, at: number): string[] {
  const { probe, mtu } = link;
  return [
    String(link.peer),
    link.state,
    link.since === null ? '-' : ago(at - link.since),
    probe.rtt_ms === null ? '-' : `${probe.rtt_ms.toFixed(1)} ms`,
    probe.loss === null
      ? '-'
      : `${(probe.loss * 100).toFixed(probe.loss > 0 && probe.loss < 0.01 ? 1 : 0)} %`,
    link.bfd.timeout_ms === null ? link.bfd.state : `${link.bfd.state} (${link.bfd.timeout_ms} ms)`,
    link.bgp.state,
    mtu.passes === null ? '-' : mtu.passes ? String(mtu.size) : `${mtu.size} fails`,
    pathWords(link.path),
    link.endpoint ?? link.address,
  ];
}

const MEMBER_HEAD = ['controller', 'name', 'overlay', 'way', 'checksum', 'version', 'networks'];

function memberRow(member: Member): string[] {
  return [
    String(member.id),
    member.name ?? '-',
    member.overlay_ipaddress,
    pathWords(member.path),
    member.checksum,
    member.version ?? '-',
    member.networks.length === 0 ? '-' : member.networks.join(' '),
  ];
}

function pathWords(path: PathNow): string {
  switch (path.kind) {
    case 'direct':
      return 'direct';
    case 'via':
      return `via ${path.controllers.slice(0, -1).join(', ')}`;
    case 'none':
      return 'no way';
    case 'self':
      return 'here';
  }
}
