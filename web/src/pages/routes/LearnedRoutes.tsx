import { Button, TextInput } from '@mantine/core';
import { IconRadar2 } from '@tabler/icons-react';
import { memo, useDeferredValue, useMemo, useState } from 'react';
import type { MeshRoute } from '../../../../src/observe/mesh-status.ts';
import { useMeshRoutes } from '../../api/routes.ts';
import { count, UNKNOWN } from '../../format/number.ts';
import { For } from '../../kit/Ago.tsx';
import { Cell, DataTable, RowHead } from '../../kit/DataTable.tsx';
import { Empty } from '../../kit/Empty.tsx';
import { Mono } from '../../kit/Mono.tsx';
import { Section } from '../../kit/Section.tsx';
import { StateMark } from '../../kit/StateMark.tsx';
import { Waiting } from '../../kit/Waiting.tsx';
import styles from './LearnedRoutes.module.css';

const COLUMNS = ['Network', 'Origin', 'Next controller', 'Path', 'In use', 'Since'];
/** A page of a table that may have thousands of rows. */
const PAGE = 30;

/** What the mesh says, as the routing table has it now: all known ways, the one in use marked. */
export function LearnedRoutes() {
  const { data: routes, error } = useMeshRoutes();
  const [wanted, setWanted] = useState('');
  const [shown, setShown] = useState(PAGE);
  const text = useDeferredValue(wanted.trim());
  const found = useMemo(() => (routes ?? []).filter(({ cidr }) => cidr.includes(text)), [routes, text]);
  return (
    <Section
      title="Routes of the mesh"
      note="Learned from peers. When a link fails, the next best way takes over."
      aside={
        (routes?.length ?? 0) > 0 && (
          <>
            {count(found.length, 'way')}
            <TextInput
              size="xs"
              aria-label="Show networks that contain"
              placeholder="Part of a network"
              value={wanted}
              onChange={(event) => setWanted(event.currentTarget.value)}
            />
          </>
        )
      }
      flush
    >
      {!routes && <Waiting error={error} />}
      {routes?.length === 0 && (
        <Empty icon={IconRadar2} title="Nothing learned yet">
          Routes of other controllers appear here as soon as a link is up.
        </Empty>
      )}
      {found.length > 0 && (
        <DataTable caption="Routes of the mesh" columns={COLUMNS}>
          {found.slice(0, shown).map((route) => (
            <LearnedRoute key={`${route.cidr} ${route.via} ${route.path.join()}`} route={route} />
          ))}
        </DataTable>
      )}
      {found.length > shown && (
        <div className={styles.more}>
          <Button variant="subtle" size="compact-sm" onClick={() => setShown(shown + 10 * PAGE)}>
            Show more of {found.length.toLocaleString('en-GB')}
          </Button>
        </div>
      )}
    </Section>
  );
}

const LearnedRoute = memo(function LearnedRoute({ route }: { route: MeshRoute }) {
  const { cidr, origin, via, path, best, since } = route;
  return (
    <tr>
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
    </tr>
  );
});
