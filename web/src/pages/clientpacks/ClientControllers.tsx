import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { type ControllerForClients, useControllersForClients, useLoad } from '../../api/clientpacks.ts';
import { UNKNOWN } from '../../format/number.ts';
import { Confirm } from '../../kit/Confirm.tsx';
import { Cell, DataTable, RowHead } from '../../kit/DataTable.tsx';
import { Mono } from '../../kit/Mono.tsx';
import { Section } from '../../kit/Section.tsx';
import { StateMark } from '../../kit/StateMark.tsx';
import { useMembers } from '../../live/live-context.tsx';
import styles from './Clientpacks.module.css';
import { WeightField } from './WeightField.tsx';

const COLUMNS = [
  'Controller',
  'Clients reach it at',
  'Takes clients',
  'Clients now',
  'Weight',
  'Packs to hand out',
];

/** Who takes how many clients, and who is being emptied. */
export function ClientControllers() {
  const controllers = useControllersForClients();
  const members = useMembers();
  const load = useLoad();
  const [draining, setDraining] = useState<ControllerForClients | null>(null);
  const onError = (error: Error) => notifications.show({ color: 'red', message: error.message });
  const known = (controllers.data ?? []).filter((one) => one.self || one.client_address !== null);
  return (
    <Section
      title="Controllers for clients"
      note="New packs spread over controllers by weight. Draining moves OpenVPN and HA clients and transit away, so that a controller can be stopped."
      flush
    >
      <DataTable caption="Controllers for clients" columns={COLUMNS} withActions cardsBelow={760}>
        {known.map((one) => (
          <tr key={one.id}>
            <RowHead>
              {members.find(({ id }) => id === one.id)?.name ?? `controller ${one.id}`}
              <div className={styles.below}>
                {one.id}
                {one.self && ' · this instance'}
              </div>
            </RowHead>
            <Cell label="Clients reach it at">
              {one.client_address ? <Mono>{one.client_address}</Mono> : UNKNOWN}
            </Cell>
            <Cell label="Takes clients">
              <StateMark state={one.drained ? 'degraded' : 'up'} word={one.drained ? 'drained' : 'yes'} />
            </Cell>
            <Cell label="Clients now">{one.clients}</Cell>
            <Cell label="Weight">
              <WeightField controller={one} onError={onError} />
            </Cell>
            <Cell label="Packs to hand out">{one.packs_free}</Cell>
            <Cell>
              <Button
                size="xs"
                variant="default"
                disabled={load.isPending}
                onClick={() =>
                  one.drained ? load.mutate({ id: one.id, drained: false }, { onError }) : setDraining(one)
                }
              >
                {one.drained ? 'Undrain' : 'Drain'}
              </Button>
            </Cell>
          </tr>
        ))}
      </DataTable>
      <Confirm
        opened={draining !== null}
        title={`Drain controller ${draining?.id}?`}
        confirm="Drain"
        danger={false}
        busy={load.isPending}
        onCancel={() => setDraining(null)}
        onConfirm={() =>
          draining &&
          load.mutate({ id: draining.id, drained: true }, { onError, onSettled: () => setDraining(null) })
        }
      >
        Its OpenVPN and HA clients move to other controllers and keep their addresses. Plain WireGuard clients
        know one controller only: they stay until it stops. Transit traffic takes another way. It takes nobody
        new until it is undrained.
      </Confirm>
    </Section>
  );
}
