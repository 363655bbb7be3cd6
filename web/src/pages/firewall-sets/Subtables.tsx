import { Button } from '@mantine/core';
import { IconListTree } from '@tabler/icons-react';
import { useState } from 'react';
import { type Subtable, useSubtables } from '../../api/firewall.ts';
import { Empty } from '../../kit/Empty.tsx';
import { Section } from '../../kit/Section.tsx';
import { Waiting } from '../../kit/Waiting.tsx';
import { SubtableForm } from './SubtableForm.tsx';
import { SubtableTable } from './SubtableTable.tsx';

/** Lists of rules under one name. */
export function Subtables() {
  const { data: subtables, error } = useSubtables();
  const [edited, setEdited] = useState<Subtable | 'new' | null>(null);
  return (
    <Section
      title="Subtables"
      note="Rules that a rule jumps to. A packet that none of them decides goes on behind the rule that jumped."
      aside={
        <Button size="xs" disabled={!subtables} onClick={() => setEdited('new')}>
          Add a subtable
        </Button>
      }
      flush
    >
      {!subtables && <Waiting error={error} />}
      {subtables?.length === 0 && (
        <Empty icon={IconListTree} title="No subtables yet">
          Rules for one kind of packet, written once and reached from several places.
        </Empty>
      )}
      {subtables && subtables.length > 0 && <SubtableTable subtables={subtables} onEdit={setEdited} />}
      {edited && <SubtableForm subtable={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
    </Section>
  );
}
