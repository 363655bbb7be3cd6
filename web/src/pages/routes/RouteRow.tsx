import { Switch } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconTrash } from '@tabler/icons-react';
import { type Route, useEnableRoute, useReplaceRoute } from '../../api/routes.ts';
import { UNKNOWN } from '../../format/number.ts';
import { BusySwitch } from '../../kit/BusySwitch.tsx';
import { Cell, RowHead } from '../../kit/DataTable.tsx';
import { IconButton } from '../../kit/IconButton.tsx';
import { Mono } from '../../kit/Mono.tsx';
import styles from './RouteRow.module.css';
import { leadsTo, withAdvertise } from './route-words.ts';

interface RouteRowProps {
  readonly route: Route;
  readonly onDelete: () => void;
}

export function RouteRow({ route, onDelete }: RouteRowProps) {
  const enable = useEnableRoute();
  const replace = useReplaceRoute();
  const onError = (error: Error) => notifications.show({ color: 'red', message: error.message });
  const advertise = (on: boolean) =>
    replace.mutate({ id: route.id, route: withAdvertise(route, on) }, { onError });
  return (
    <tr>
      <RowHead>
        <Mono>{route.cidr}</Mono>
        {route.msg && <div className={styles.message}>{route.msg}</div>}
      </RowHead>
      <Cell label="Description" text>
        {route.description || UNKNOWN}
      </Cell>
      <Cell label="Leads to">{leadsTo(route)}</Cell>
      <Cell label="Advertised">
        <BusySwitch
          size="xs"
          aria-label={`Advertise ${route.cidr} to the mesh`}
          checked={replace.isPending ? replace.variables.route.advertise : route.advertise}
          disabled={!route.enabled}
          busy={replace.isPending}
          onSwitch={advertise}
        />
      </Cell>
      <Cell label="Enabled">
        <Switch
          size="xs"
          aria-label={`Enable ${route.cidr}`}
          checked={enable.isPending ? enable.variables.enabled : route.enabled}
          onChange={(event) =>
            enable.mutate({ id: route.id, enabled: event.currentTarget.checked }, { onError })
          }
        />
      </Cell>
      <Cell label="Metric">{route.metric}</Cell>
      <Cell>
        <IconButton icon={IconTrash} label={`Delete ${route.cidr}`} danger onClick={onDelete} />
      </Cell>
    </tr>
  );
}
