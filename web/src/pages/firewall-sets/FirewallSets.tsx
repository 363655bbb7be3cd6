import { Button } from '@mantine/core';
import { IconPlus, IconStack2 } from '@tabler/icons-react';
import { useState } from 'react';
import { type FwSet, useSets } from '../../api/firewall.ts';
import { CareSwitch } from '../../firewall/CareSwitch.tsx';
import { PendingChange } from '../../firewall/PendingChange.tsx';
import { Troubles } from '../../firewall/Troubles.tsx';
import { Empty } from '../../kit/Empty.tsx';
import { Page } from '../../kit/Page.tsx';
import { Section } from '../../kit/Section.tsx';
import { Waiting } from '../../kit/Waiting.tsx';
import { SetForm } from './SetForm.tsx';
import { SetTable } from './SetTable.tsx';
import { Subtables } from './Subtables.tsx';

export function FirewallSets() {
  const { data: sets, error } = useSets();
  const [edited, setEdited] = useState<FwSet | 'new' | null>(null);
  const add = () => setEdited('new');
  return (
    <Page
      title="Sets and subtables"
      lead="Addresses, ports, services and rules under one name. A rule that names one follows it."
      actions={
        <Button leftSection={<IconPlus size={16} />} onClick={add} disabled={!sets}>
          Add a set
        </Button>
      }
    >
      <PendingChange />
      <Troubles />
      <Section title="Sets" aside={<CareSwitch />} flush>
        {!sets && <Waiting error={error} />}
        {sets?.length === 0 && (
          <Empty
            icon={IconStack2}
            title="No sets yet"
            action={
              <Button variant="light" onClick={add}>
                Add a set
              </Button>
            }
          >
            Thousands of addresses cost a rule no more time than one.
          </Empty>
        )}
        {sets && sets.length > 0 && <SetTable sets={sets} onEdit={setEdited} />}
      </Section>
      <Subtables />
      {edited && <SetForm set={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
    </Page>
  );
}
