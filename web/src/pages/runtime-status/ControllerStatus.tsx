import { Link } from 'wouter';
import type { MeshSummary } from '../../../../src/observe/mesh-status.ts';
import { UNKNOWN } from '../../format/number.ts';
import { CopyText } from '../../kit/CopyText.tsx';
import { type Fact, Facts } from '../../kit/Facts.tsx';
import { Mono } from '../../kit/Mono.tsx';
import { Section } from '../../kit/Section.tsx';

const KEYSET = { absent: 'none yet', in_progress: 'being made', present: 'present' };

/** Who this controller is in the overlay. */
export function ControllerStatus({ controller }: { controller: MeshSummary['controller'] }) {
  const address = (value: string | null) => (value === null ? UNKNOWN : <Mono>{value}</Mono>);
  const facts: Fact[] = [
    {
      name: 'Identity',
      value: controller.id === null ? <Link href="/peering">not set</Link> : `Controller ${controller.id}`,
    },
    { name: 'Overlay address', value: address(controller.overlay_ipaddress) },
    { name: 'Virtual address', value: address(controller.vip) },
    { name: 'Overlay subnet', value: address(controller.overlay_subnet) },
    { name: 'ASN', value: controller.asn ?? UNKNOWN },
    { name: 'Underlay address', value: address(controller.private_ipaddress) },
    {
      name: 'Licence',
      value: controller.licensed
        ? `${controller.licensed_controllers} controllers, ${controller.licensed_clients} clients`
        : 'none yet',
    },
    { name: 'Keyset', value: KEYSET[controller.keyset] },
  ];
  return (
    <Section
      title="Controller Status"
      aside={
        controller.topology_checksum && (
          <>
            Topology checksum <CopyText value={controller.topology_checksum} what="topology checksum" />
          </>
        )
      }
    >
      <Facts facts={facts} />
    </Section>
  );
}
