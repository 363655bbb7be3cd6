import { Progress } from '@mantine/core';
import { type NativePack, usePacks } from '../../api/clientpacks.ts';
import type { WireLicense } from '../../api/license.ts';
import { dateTime } from '../../format/time.ts';
import { Checksum } from '../../kit/CopyText.tsx';
import { Facts } from '../../kit/Facts.tsx';
import { Section } from '../../kit/Section.tsx';
import { useMembers } from '../../live/live-context.tsx';
import styles from './Granted.module.css';

/** What the licence grants, and how much of it is used. */
export function Granted({ license }: { license: WireLicense }) {
  const { topology } = license;
  const { data: packs } = usePacks();
  const members = useMembers().filter((member) => member.known).length;
  return (
    <Section title="Used of granted">
      <div className={styles.meters}>
        <Meter name="Controllers" used={members} granted={topology.managers.length} />
        <Meter
          name="Client addresses"
          used={packs?.filter(isUsed).length ?? 0}
          granted={topology.overlay_max_clients}
        />
      </div>
      <Facts
        facts={[
          { name: 'IPsec endpoints', value: topology.ipsec_max_endpoints },
          { name: 'IPsec subnets', value: topology.ipsec_max_subnets },
          { name: 'Links to other topologies', value: topology.links_limit },
          { name: 'Own addressing', value: license.custom_addressing ? 'allowed' : 'not allowed' },
          { name: 'Capabilities', value: license.capabilities.join(', ') || 'none', wide: true },
          { name: 'Uploaded', value: dateTime(license.uploaded_at_i * 1000) },
          { name: 'Upgrades so far', value: topology.license_upgrades.length },
          { name: 'Checksum', value: <Checksum value={license.sha1_checksum} what="licence checksum" /> },
        ]}
      />
    </Section>
  );
}

/** Somebody has its pack, or its client is there. */
const isUsed = ({ checked_out, client }: NativePack) => checked_out || client !== null;

function Meter({ name, used, granted }: { name: string; used: number; granted: number }) {
  return (
    <div>
      <div className={styles.label}>
        <span>{name}</span>
        <span>
          <strong>{used}</strong> of {granted}
        </span>
      </div>
      <Progress
        value={granted === 0 ? 0 : (100 * used) / granted}
        size="sm"
        aria-label={`${name}: ${used} of ${granted}`}
      />
    </div>
  );
}
