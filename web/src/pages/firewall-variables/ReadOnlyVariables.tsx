import { Table } from '@mantine/core';
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

/** What the controller knows by itself. A collection that is empty now is not shown. */
export function ReadOnlyVariables({
  collections,
}: {
  collections: Readonly<Record<string, readonly Variable[]>>;
}) {
  return Object.entries(collections)
    .filter(([name, entries]) => name !== 'custom' && entries.length > 0)
    .map(([name, entries]) => (
      <Section
        key={name}
        title={TITLES[name] ?? name}
        note="Read-only: they follow what they are about."
        flush
      >
        <DataTable caption={TITLES[name] ?? name} columns={['In a rule', 'Value', 'What it is']}>
          {entries.map(({ variable, value, description }) => (
            <Table.Tr key={variable}>
              <RowHead>
                <Mono>{inRule(variable)}</Mono>
              </RowHead>
              <Cell label="Value" text>
                <Mono>{value}</Mono>
              </Cell>
              <Cell label="What it is" text>
                {description}
              </Cell>
            </Table.Tr>
          ))}
        </DataTable>
      </Section>
    ));
}
