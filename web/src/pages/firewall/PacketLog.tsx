import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { logUrl, type Rule } from '../../api/firewall.ts';
import { Section } from '../../kit/Section.tsx';
import styles from './Line.module.css';
import { type LoggedPacket, packetLine } from './packet-line.ts';

const KEEP = 200;

/** Packets that meet rules with the target LOG, as they come. */
export function PacketLog({ rules }: { rules: readonly Rule[] }) {
  const [open, setOpen] = useState(false);
  const [packets, setPackets] = useState<readonly LoggedPacket[]>([]);
  useEffect(() => {
    if (!open) return;
    setPackets([]);
    const source = new EventSource(logUrl);
    source.addEventListener('packet', (event: MessageEvent<string>) => {
      const packet = JSON.parse(event.data) as LoggedPacket;
      setPackets((all) => [packet, ...all].slice(0, KEEP));
    });
    return () => source.close();
  }, [open]);
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
      {open && packets.length === 0 && <div role="status">Waiting for a packet…</div>}
      {packets.length > 0 && (
        <pre className={styles.log}>
          {packets.map((packet) => packetLine(packet, texts.get(packet.rule))).join('\n')}
        </pre>
      )}
    </Section>
  );
}
