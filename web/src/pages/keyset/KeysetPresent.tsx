import type { KeysetProgress } from '../../api/keyset.ts';
import { UNKNOWN } from '../../format/number.ts';
import { Checksum } from '../../kit/CopyText.tsx';
import { Facts } from '../../kit/Facts.tsx';
import { Notice } from '../../kit/Notice.tsx';
import { Section } from '../../kit/Section.tsx';
import { useMesh } from '../../live/live-context.tsx';

export function KeysetPresent({ keyset }: { keyset: KeysetProgress }) {
  const topology = useMesh()?.controller.topology_checksum;
  return (
    <>
      <Section title="The keyset is present">
        <Facts
          facts={[
            {
              name: 'Keyset checksum',
              value: keyset.checksum ? <Checksum value={keyset.checksum} what="keyset checksum" /> : UNKNOWN,
            },
            {
              name: 'Topology checksum',
              value: topology ? <Checksum value={topology} what="topology checksum" /> : UNKNOWN,
            },
          ]}
        />
      </Section>
      <Notice>
        A keyset is made once for a topology and stays. Both checksums are the same on every controller of it;
        Runtime Status compares the topology checksums for you.
      </Notice>
    </>
  );
}
