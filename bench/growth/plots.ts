import type { Plot } from '../plot.ts';
import { median } from '../support.ts';
import { msOf } from './page.ts';
import type { Results } from './results.ts';

/** The pictures of those parts that were measured, by name. */
export function growthPlots({ controllers, routes, packs }: Results): Map<string, Plot> {
  const plots = new Map<string, Plot>();
  const add = <Row extends { readonly n: number }>(
    name: string,
    rows: readonly Row[],
    words: Omit<Plot, 'series'>,
    lines: Record<string, (row: Row) => number | null>,
  ) => {
    const series = Object.entries(lines).map(([line, figureOf]) => ({
      name: line,
      points: rows.flatMap((row) => {
        const value = figureOf(row);
        return value === null ? [] : [[row.n, value] as const];
      }),
    }));
    if (rows.length > 0) plots.set(name, { ...words, series });
  };
  const middle = (values: readonly number[]) => (values.length > 0 ? median(values) : null);
  const xLabel = 'controllers in the mesh';
  add(
    'controllers',
    controllers,
    {
      title: 'Set-up of a mesh, all of it on one machine',
      xLabel,
      yLabel: 'seconds until all sites reach each other',
    },
    { 'set-up': (row) => row.setUpSeconds },
  );
  add(
    'convergence',
    controllers,
    { title: 'From a failure to the way round it', xLabel, yLabel: 'milliseconds, medians' },
    {
      'a link cut: gap': (row) => middle(msOf(row.cuts)),
      'a controller lost: forgotten': (row) => middle(msOf(row.losses)),
      'detection time in force': (row) => middle(row.losses.map(({ detectionMs }) => detectionMs)),
    },
  );
  add(
    'cpu',
    controllers,
    {
      title: 'CPU of an idle mesh',
      xLabel,
      yLabel: '% of one core for one controller; % of all cores for all of them',
    },
    { 'controller and applier': (row) => row.ownPercent, 'the whole machine': (row) => row.machinePercent },
  );
  add(
    'routes',
    routes,
    { title: 'Routes in a mesh of three', xLabel: 'routes', yLabel: 'seconds' },
    {
      'entered through the API': (row) => row.enterSeconds,
      'then in all kernels': (row) => row.kernelSeconds,
      'then in all lists': (row) => row.listedSeconds,
    },
  );
  add(
    'clientpacks',
    packs,
    { title: 'Clientpacks of one controller', xLabel: 'clientpacks', yLabel: 'seconds' },
    {
      'keyset made': (row) => row.keysetSeconds,
      'list of all packs': (row) => row.listMs / 1000,
      'worst GET /config meanwhile': (row) => row.configMs / 1000,
    },
  );
  return plots;
}
