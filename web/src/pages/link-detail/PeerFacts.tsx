import type { Member } from '../../../../src/observe/mesh-status.ts';
import { some, UNKNOWN } from '../../format/number.ts';
import { Checksum } from '../../kit/CopyText.tsx';
import { Facts } from '../../kit/Facts.tsx';
import { Mono } from '../../kit/Mono.tsx';
import { Section } from '../../kit/Section.tsx';
import { StateMark } from '../../kit/StateMark.tsx';
import { useLinks } from '../../live/live-context.tsx';
import { pathNowWords } from '../../live/words.ts';

const CHECKSUM = {
  match: { state: 'up', word: 'equal' },
  differs: { state: 'down', word: 'differs' },
  unknown: { state: 'unknown', word: 'not known yet' },
} as const;

export function PeerFacts({ member }: { member: Member }) {
  const links = useLinks();
  return (
    <Section title="Peer">
      <Facts
        facts={[
          { name: 'Overlay address', value: <Mono>{member.overlay_ipaddress}</Mono> },
          { name: 'ASN', value: member.asn },
          { name: 'Version', value: member.version ?? UNKNOWN },
          { name: 'Path now', value: pathNowWords(member.path, links) },
          { name: 'Checksum against this one', value: <StateMark {...CHECKSUM[member.checksum]} /> },
          {
            name: 'Its topology checksum',
            value: member.topology_checksum ? (
              <Checksum value={member.topology_checksum} what="topology checksum of the peer" />
            ) : (
              UNKNOWN
            ),
          },
          {
            name: 'Networks it announces',
            value: member.networks.length > 0 ? <Mono>{some(member.networks, 12)}</Mono> : 'none',
          },
        ]}
      />
    </Section>
  );
}
