import { Button } from '@mantine/core';
import { IconPlus, IconVariable } from '@tabler/icons-react';
import { useState } from 'react';
import { useVariables, type Variable } from '../../api/firewall.ts';
import { CareSwitch } from '../../firewall/CareSwitch.tsx';
import { PendingChange } from '../../firewall/PendingChange.tsx';
import { Troubles } from '../../firewall/Troubles.tsx';
import { Empty } from '../../kit/Empty.tsx';
import { Page } from '../../kit/Page.tsx';
import { Section } from '../../kit/Section.tsx';
import { Waiting } from '../../kit/Waiting.tsx';
import { CustomVariables } from './CustomVariables.tsx';
import { ReadOnlyVariables } from './ReadOnlyVariables.tsx';
import { VariableForm } from './VariableForm.tsx';

export function Variables() {
  const { data, error } = useVariables();
  const [edited, setEdited] = useState<Variable | 'new' | null>(null);
  const custom = data?.custom ?? [];
  return (
    <Page
      title="Variables"
      lead="Names for values in rules and sets. Change the value, and every rule with the name follows at once."
      actions={
        <Button leftSection={<IconPlus size={16} />} onClick={() => setEdited('new')} disabled={!data}>
          Add a variable
        </Button>
      }
    >
      <PendingChange />
      <Troubles />
      <Section title="Your own" aside={<CareSwitch />} flush>
        {!data && <Waiting error={error} />}
        {data && custom.length === 0 && (
          <Empty icon={IconVariable} title="No variables of your own yet">
            A rule on every controller can name the network of its own site, when each one says what that is.
          </Empty>
        )}
        {custom.length > 0 && <CustomVariables variables={custom} onEdit={setEdited} />}
      </Section>
      {data && <ReadOnlyVariables collections={data} />}
      {edited && <VariableForm variable={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
    </Page>
  );
}
