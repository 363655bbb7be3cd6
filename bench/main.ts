import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { machine } from './support.ts';

/** Every measurement, one after the other: labs side by side would starve each other's failure detection. */
const parts = [
  'cut',
  'process-death',
  'dark-controller',
  'saturation',
  'keyset',
  'throughput',
  'clients',
  'client-storm',
  'client-throughput',
  'firewall',
  'firewall-sync',
  'scale',
  'console',
  'control-plane',
  'growth',
  'field-failover',
  'field-throughput',
];

console.log(`${new Date().toISOString().slice(0, 10)}, ${machine()}`);
for (const part of parts) {
  console.log(`\n== ${part}`);
  const [run, file] = ['run.ts', `${part}.bench.ts`].map((name) =>
    fileURLToPath(new URL(name, import.meta.url)),
  ) as [string, string];
  const { status } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', run, file], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}
