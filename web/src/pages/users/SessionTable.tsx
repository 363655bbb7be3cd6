import { Button } from '@mantine/core';
import { useEndSession, useSessions } from '../../api/access.ts';
import { Ago } from '../../kit/Ago.tsx';
import { Cell, DataTable, RowHead } from '../../kit/DataTable.tsx';
import { FormError } from '../../kit/FormError.tsx';
import { Mono } from '../../kit/Mono.tsx';
import { Section } from '../../kit/Section.tsx';
import { Waiting } from '../../kit/Waiting.tsx';
import { browserIn } from './browser.ts';

export function SessionTable() {
  const { data: sessions, error } = useSessions();
  const end = useEndSession();
  return (
    <Section title="Sessions" note="Who is logged in to the console now." flush>
      <FormError error={end.error} />
      {!sessions && <Waiting error={error} />}
      {sessions && (
        <DataTable caption="Sessions" columns={['User', 'From', 'Browser', 'Begun', 'Last use']} withActions>
          {sessions.map((one) => (
            <tr key={one.id}>
              <RowHead>
                {one.user}
                {one.is_own && ' (this one)'}
              </RowHead>
              <Cell label="From">
                <Mono>{one.source}</Mono>
              </Cell>
              <Cell label="Browser">{browserIn(one.agent)}</Cell>
              <Cell label="Begun">
                <Ago at={one.created_at} />
              </Cell>
              <Cell label="Last use">
                <Ago at={one.seen_at} />
              </Cell>
              <Cell>
                <Button size="compact-xs" variant="default" onClick={() => end.mutate(one.id)}>
                  {one.is_own ? 'Log out' : 'End'}
                </Button>
              </Cell>
            </tr>
          ))}
        </DataTable>
      )}
    </Section>
  );
}
