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
  const file = fileURLToPath(new URL(`./${part}.bench.ts`, import.meta.url));
  const { status } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', file], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}
