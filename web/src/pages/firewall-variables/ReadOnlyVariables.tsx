import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Variable } from '../../api/firewall.ts';
import { Cell, DataTable, RowHead } from '../../kit/DataTable.tsx';
import { Mono } from '../../kit/Mono.tsx';
import { Section } from '../../kit/Section.tsx';
import { inRule } from './in-rule.ts';

const TITLES: Readonly<Record<string, string>> = {
  controller: 'This controller',
  peering: 'Peers',
  clientpacks: 'Clientpacks',
  clientpack_groups: 'Clientpacks by tag',
  fwsets: 'Sets',
  subtables: 'Subtables',
};
/** A topology may have hundreds of clientpacks. */
const SHOWN = 8;

interface ReadOnlyVariablesProps {
  readonly collections: Readonly<Record<string, readonly Variable[]>>;
}

/** What the controller knows by itself. A collection that is empty now is not shown. */
export function ReadOnlyVariables({ collections }: ReadOnlyVariablesProps) {
  return Object.entries(collections)
    .filter(([name, entries]) => name !== 'custom' && entries.length > 0)
    .map(([name, entries]) => <Collection key={name} title={TITLES[name] ?? name} entries={entries} />);
}

function Collection({ title, entries }: { title: string; entries: readonly Variable[] }) {
  const [all, setAll] = useState(false);
  return (
    <Section
      title={title}
      note="Read-only: they follow what they are about."
      aside={
        entries.length > SHOWN && (
          <Button size="xs" variant="default" onClick={() => setAll(!all)}>
            {all ? `Show ${SHOWN}` : `Show all ${entries.length}`}
          </Button>
        )
      }
      flush
    >
      <DataTable caption={title} columns={['In a rule', 'Value', 'What it is']}>
        {entries.slice(0, all ? undefined : SHOWN).map(({ variable, value, description }) => (
          <tr key={variable}>
            <RowHead>
              <Mono>{inRule(variable)}</Mono>
            </RowHead>
            <Cell label="Value" text>
              <Mono>{value}</Mono>
            </Cell>
            <Cell label="What it is" text>
              {description}
            </Cell>
          </tr>
        ))}
      </DataTable>
    </Section>
  );
}
