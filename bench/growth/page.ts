import { median } from '../support.ts';
import { duration, table } from '../table.ts';
import type { Convergence } from './controllers.ts';
import type { Results } from './results.ts';
import { MOST_OF_ONE } from './routes.ts';

/** Tables of what was measured, in Markdown, with links to the pictures. */
const count = (n: number) => n.toLocaleString('en');
const seconds = (value: number) => duration(value * 1000);
const mega = (value: number) => (value < 10 ? value.toFixed(1) : value.toFixed(0));

export function growthPage(results: Results): string {
  const parts = [
    ['controllers', controllers(results), ['controllers', 'convergence', 'cpu']],
    ['routes', routes(results), ['routes']],
    ['packs', packs(results), ['clientpacks']],
  ] as const;
  return parts
    .filter(([part]) => results[part].length > 0)
    .map(([, text, names]) => [text, ...names.map(picture)].join('\n\n'))
    .join('\n\n');
}

const picture = (name: string) => `![Growth: ${name}](../docs/images/growth-${name}.svg)`;

function controllers({ controllers: rows }: Results): string {
  const convergence = (runs: readonly Convergence[], without: string) => {
    if (runs.length === 0) return without;
    const [middle, worst] = [median(msOf(runs)), Math.max(...msOf(runs))].map(duration);
    return `${middle}, worst ${worst} (${runs.length} at ${[...new Set(runs.map((run) => run.detectionMs))].join(', ')} ms)`;
  };
  const cells = rows.map((row) => [
    String(row.n),
    seconds(row.setUpSeconds),
    convergence(row.cuts, row.n < 3 ? 'no way round' : '-'),
    convergence(row.losses, '-'),
    `${mega(row.controllerMegabytes)} / ${mega(row.applierMegabytes)} MB`,
    `${(row.totalMegabytes / 1024).toFixed(2)} GB`,
    `${row.ownPercent.toFixed(1)} %`,
    `${row.machinePercent.toFixed(0)} %`,
    row.day,
  ]);
  const troubles = rows.flatMap(({ n, trouble }) =>
    trouble ? [`With ${n} controllers not all runs could be made: ${trouble}.`] : [],
  );
  const head = [
    'controllers',
    'set-up',
    'a link cut: gap',
    'a controller lost: forgotten',
    'memory of controller / applier',
    'memory of all',
    'idle CPU of one controller',
    'of the whole machine',
    'measured',
  ];
  return `**Controllers.** Each on one core. Set-up: from nothing until all links are up and all sites reach each other. A link is cut: longest gap of a
5 ms UDP probe whose direct way it was. A controller is cut off: until no other one's kernel has a route to it, from the order to cut it.
Medians; in brackets the runs and the detection times in force, which were not waited for to become quick: with more than four links each begins with
100 ms x 4 instead of 10 ms x 7 ([failure detection](../docs/failure-detection.md)), and costs less CPU. Memory: private, the largest (RssAnon), and
what the machine has less (MemAvailable). Idle CPU: controller and applier with what they start, in % of one core; everything that runs,
in % of all cores.

${table(head, cells)}${troubles.map((text) => `\n\n${text}`).join('')}`;
}

export const msOf = (runs: readonly Convergence[]) => runs.map(({ ms }) => ms);

function routes({ routes: rows }: Results): string {
  const cells = rows.map((row) => [
    count(row.n),
    seconds(row.enterSeconds),
    seconds(row.kernelSeconds),
    seconds(row.listedSeconds),
    duration(row.listMs),
    `${[row.controllerMegabytes, row.applierMegabytes, row.birdMegabytes].map(mega).join(' / ')} MB`,
    `${row.ownPercent.toFixed(1)} %`,
    String(row.flaps),
    row.day,
  ]);
  const head = [
    'routes',
    'entered',
    'in all kernels',
    'in all lists',
    '`GET /mesh/routes`',
    'memory of controller / applier / BIRD',
    'idle CPU of one controller',
    'links lost',
    'measured',
  ];
  return `**Routes** that controller 1 of three announces, its site's network among them. It takes ${count(MOST_OF_ONE)} and no more, so controller 2
announces the rest; a peer accepts 65,536 prefixes. Entered: all of them by \`POST /routes\`, 100 at a time. Calls that
come together share an application, but each answers with all routes, so the time grows faster than their number. More than ${count(Math.max(...rows.map(({ n }) => n)))} have not been measured. In all kernels, in all lists: from the
last answer until each controller has all of the others' in its table, and shows them.

${table(head, cells)}`;
}

function packs({ packs: rows }: Results): string {
  const cells = rows.map((row) => [
    count(row.n),
    seconds(row.keysetSeconds),
    duration(row.configMs),
    duration(row.listMs),
    `${mega(row.storeMegabytes)} MB`,
    row.day,
  ]);
  const head = [
    'clientpacks',
    'keyset',
    'worst `GET /config` meanwhile',
    '`GET /clientpacks`',
    'store',
    'measured',
  ];
  return `**Clientpacks** of one controller. The list is the median of ten; the store is the database with its log.

${table(head, cells)}`;
}
