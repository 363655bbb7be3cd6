import { median } from '../support.ts';
import { table } from '../table.ts';
import type { Figures } from './load.ts';
import type { Runner } from './runners.ts';

interface Column {
  readonly head: string;
  readonly key: keyof Figures;
  readonly digits: number;
}

const columns: readonly Column[] = [
  { head: 'TCP up', key: 'up1', digits: 2 },
  { head: '8 streams', key: 'up8', digits: 2 },
  { head: 'down', key: 'down1', digits: 2 },
  { head: '8 streams', key: 'down8', digits: 2 },
  { head: 'both ways', key: 'both1', digits: 2 },
  { head: '8 streams', key: 'both8', digits: 2 },
  { head: 'small packets/s', key: 'udp', digits: 0 },
  { head: 'ping idle, p50', key: 'idleP50', digits: 2 },
  { head: 'p99', key: 'idleP99', digits: 2 },
  { head: 'ping under load, p50', key: 'loadedP50', digits: 2 },
  { head: 'p99', key: 'loadedP99', digits: 2 },
  { head: 'CPU s/GB', key: 'cpuPerGb', digits: 1 },
];

type Results = Readonly<Record<string, readonly Figures[]>>;

/** Tables of throughput and latency, and how often Meshwright's is the best rival's. */
export function throughputPage(results: Results, runners: readonly Runner[]): string {
  const middle = (name: string, key: keyof Figures) => median((results[name] ?? []).map((one) => one[key]));
  const measured = runners.filter(({ name }) => (results[name] ?? []).length > 0);
  const rows = measured.map(({ name }) => [
    `${name} (${results[name]!.length})`,
    ...columns.map(({ key, digits }) => middle(name, key).toFixed(digits)),
  ]);
  const ratios = columns.slice(0, 7).map(({ key }) => {
    const rivals = measured.filter(({ isRival }) => isRival).map(({ name }) => middle(name, key));
    return (middle(measured[0]?.name ?? '', key) / Math.max(...rivals)).toFixed(1);
  });
  const last = [
    'Meshwright / best of tinc, Nebula, OpenVPN (goal 3)',
    ...ratios,
    ...columns.slice(7).map(() => ''),
  ];
  return `Gbit/s, ms (rounds):\n\n${table(['', ...columns.map(({ head }) => head)], [...rows, last])}`;
}
