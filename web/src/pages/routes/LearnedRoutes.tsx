import { Table } from '@mantine/core';
import { IconRadar2 } from '@tabler/icons-react';
import { UNKNOWN } from '../../format/number.ts';
import { For } from '../../kit/Ago.tsx';
import { Cell, DataTable, RowHead } from '../../kit/DataTable.tsx';
import { Empty } from '../../kit/Empty.tsx';
import { Mono } from '../../kit/Mono.tsx';
import { Section } from '../../kit/Section.tsx';
import { StateMark } from '../../kit/StateMark.tsx';
import { useLive } from '../../live/live-context.tsx';

const COLUMNS = ['Network', 'Origin', 'Next controller', 'Path', 'In use', 'Since'];
const NONE: never[] = [];

/** What the mesh says, as the routing table has it now: all known ways, the one in use marked. */
export function LearnedRoutes() {
  const routes = useLive((live) => live.status?.routes ?? NONE);
  return (
    <Section
      title="Routes of the mesh"
      note="Learned from peers. When a link fails, the next best way takes over."
      flush
    >
      {routes.length === 0 ? (
        <Empty icon={IconRadar2} title="Nothing learned yet">
          Routes of other controllers appear here as soon as a link is up.
        </Empty>
      ) : (
        <DataTable caption="Routes of the mesh" columns={COLUMNS}>
          {routes.map(({ cidr, origin, via, path, best, since }) => (
            <Table.Tr key={`${cidr} ${via} ${path.join()}`}>
              <RowHead>
                <Mono>{cidr}</Mono>
              </RowHead>
              <Cell label="Origin">{origin === null ? UNKNOWN : `controller ${origin}`}</Cell>
              <Cell label="Next controller">{via === null ? 'here' : `controller ${via}`}</Cell>
              <Cell label="Path">{path.length > 0 ? path.join(' → ') : 'here'}</Cell>
              <Cell label="In use">
                {best ? <StateMark state="up" word="in use" /> : <StateMark state="unknown" word="standby" />}
              </Cell>
              <Cell label="Since">{since === null ? UNKNOWN : <For since={Date.parse(since)} />}</Cell>
            </Table.Tr>
          ))}
        </DataTable>
      )}
    </Section>
  );
}
