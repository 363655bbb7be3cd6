import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Rule } from '../../api/firewall.ts';
import { Notice } from '../../kit/Notice.tsx';
import { Section } from '../../kit/Section.tsx';
import styles from './Line.module.css';
import { useLoggedPackets } from './logged-packets.ts';
import { packetLine } from './packet-line.ts';

/** Packets that meet rules with the target LOG, as they come. */
export function PacketLog({ rules }: { rules: readonly Rule[] }) {
  const [open, setOpen] = useState(false);
  const { packets, trouble } = useLoggedPackets(open);
  const texts = new Map(rules.map(({ id, position }) => [id, `rule ${position}`]));
  return (
    <Section
      title="Logged packets"
      note="What meets a rule with the target LOG, e.g. FORWARD -j LOG in front of the rule that drops."
      aside={
        <Button size="xs" variant="default" onClick={() => setOpen(!open)}>
          {open ? 'Stop' : 'Follow'}
        </Button>
      }
    >
      {open && trouble === 'lost' && (
        <Notice tone="warn">The connection to the controller is lost. It is asked again by itself.</Notice>
      )}
      {open && trouble === 'ended' && (
        <Notice tone="bad">
          The controller does not tell its packets. To ask again, press Stop and then Follow.
        </Notice>
      )}
      {open && !trouble && packets.length === 0 && <div role="status">Waiting for a packet…</div>}
      {packets.length > 0 && (
        <pre className={styles.log}>
          {packets.map((packet) => packetLine(packet, texts.get(packet.rule))).join('\n')}
        </pre>
      )}
    </Section>
  );
}
