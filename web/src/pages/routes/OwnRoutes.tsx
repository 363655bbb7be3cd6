import { useState } from 'react';
import { type Route, useDeleteRoute } from '../../api/routes.ts';
import { Confirm } from '../../kit/Confirm.tsx';
import { DataTable } from '../../kit/DataTable.tsx';
import { FormError } from '../../kit/FormError.tsx';
import { Mono } from '../../kit/Mono.tsx';
import { RouteRow } from './RouteRow.tsx';
import { routeRows } from './route-rows.ts';

const COLUMNS = ['Network', 'Description', 'Leads to', 'Advertised', 'Enabled', 'Metric'];

export function OwnRoutes({ routes }: { routes: readonly Route[] }) {
  const [doomed, setDoomed] = useState<Route | null>(null);
  const remove = useDeleteRoute();
  return (
    <>
      <FormError error={remove.error} />
      <DataTable caption="Routes of this controller" columns={COLUMNS} withActions>
        {routeRows(routes).map(({ key, route }) => (
          <RouteRow key={key} route={route} onDelete={() => setDoomed(route)} />
        ))}
      </DataTable>
      <Confirm
        opened={doomed !== null}
        title="Delete this route?"
        confirm="Delete"
        busy={remove.isPending}
        onCancel={() => setDoomed(null)}
        onConfirm={() => doomed && remove.mutate(doomed.id, { onSettled: () => setDoomed(null) })}
      >
        {doomed && (
          <>
            <Mono>{doomed.cidr}</Mono>{' '}
            {doomed.advertise && doomed.enabled
              ? 'is withdrawn from the mesh at once: other controllers can no longer reach it over this one.'
              : 'is no longer routed by this controller.'}
          </>
        )}
      </Confirm>
    </>
  );
}
