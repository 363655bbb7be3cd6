import type { NativePackDetail } from '../../api/clientpacks.ts';
import { dateTime } from '../../format/time.ts';
import { Ago } from '../../kit/Ago.tsx';
import { Cell, DataTable, RowHead } from '../../kit/DataTable.tsx';
import { Section } from '../../kit/Section.tsx';

type Event = NativePackDetail['history'][number];

/** Where it was, in the eyes of this controller. */
export function ClientHistory({ history }: { history: readonly Event[] }) {
  return (
    <Section title="History" note="As this controller saw it." flush={history.length > 0}>
      {history.length === 0 ? (
        'This client has not been seen yet.'
      ) : (
        <DataTable caption="History of the client" columns={['When', 'What', 'Ago']} cardsBelow={420}>
          {history.slice(0, 50).map((event) => (
            <tr key={`${event.at} ${event.kind} ${event.holder}`}>
              <RowHead>{dateTime(event.at)}</RowHead>
              <Cell label="What" text>
                {words(event)}
              </Cell>
              <Cell label="Ago">
                <Ago at={event.at} />
              </Cell>
            </tr>
          ))}
        </DataTable>
      )}
    </Section>
  );
}

function words({ kind, holder, from }: Event): string {
  switch (kind) {
    case 'attached':
      return `came to controller ${holder}`;
    case 'moved':
      return `moved from controller ${from} to ${holder}`;
    case 'detached':
      return `left controller ${holder}`;
  }
}
