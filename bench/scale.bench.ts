import { readFileSync } from 'node:fs';
import { Lab } from '../src/lab/lab.ts';
import { allUp, downEvents, report, sleep, status, until } from './support.ts';

/** Ten controllers, 45 links: time until everybody reaches everybody, memory, idle CPU, and five calm minutes. */
const CALM_S = Number(process.argv[2] ?? 300);

const memoryBefore = available();
const from = performance.now();
const lab = await Lab.up({ size: 10 });
try {
  await until('all 90 ends of links up', allUp(lab), 120_000);
  await lab.waitForMesh(60_000);
  const seconds = (performance.now() - from) / 1000;
  report(
    '10 controllers: all BFD up and all sites reach each other',
    `${seconds.toFixed(1)} s`,
    '< 90 s',
    seconds < 90,
  );
  await sleep(20_000);
  const used = (memoryBefore - available()) / 1024 / 1024;
  report(
    '10 controllers: memory (difference of MemAvailable)',
    `${used.toFixed(2)} GB`,
    '< 2.5 GB',
    used < 2.5,
  );
  const since = Date.now();
  const cpuBefore = cpuSeconds();
  await sleep(CALM_S * 1000);
  const flaps = await downEvents(lab, since);
  report(`10 controllers: flaps in the ${CALM_S} s after`, String(flaps.length), '0', flaps.length === 0);
  for (const flap of flaps.slice(0, 10)) console.log(`  ${flap}`);
  const cpuAfter = cpuSeconds();
  for (const [name, main, limit] of [
    ['controller', 'dist/server/controller.js', 120],
    ['applier', 'dist/server/applier.js', 90],
  ] as const) {
    const sizes = processes(main).map(anonymousMegabytes);
    report(
      `${name} with 9 links: private memory (RssAnon)`,
      `${Math.max(...sizes).toFixed(0)} MB at most`,
      `< ${limit} MB`,
      Math.max(...sizes) < limit,
    );
  }
  const share = ((cpuAfter - cpuBefore) / CALM_S / 10) * 100;
  report(
    'controller and applier with 9 links: idle CPU',
    `${share.toFixed(2)} % of a core`,
    '< 2 %',
    share < 2,
  );
  const picture = await status(lab, 1);
  console.log(
    `  detection times on controller 1: ${picture.links.map((link) => link.bfd.timeout_ms).join(', ')} ms; idle ${picture.applier.cpu_idle}`,
  );
} finally {
  await Lab.down();
}

function available(): number {
  return Number(/MemAvailable:\s+(\d+)/.exec(readFileSync('/proc/meminfo', 'utf8'))![1]);
}

function processes(main: string): number[] {
  return lab.plans
    .flatMap(({ id }) =>
      lab.processes(id).filter((one) => one.argv.some((word) => word.endsWith(main)) && one.name !== 'sh'),
    )
    .map((one) => one.pid);
}

function anonymousMegabytes(pid: number): number {
  return Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;
}

/** CPU seconds of all controllers and appliers so far, with the programs that they ran. */
function cpuSeconds(): number {
  return [...processes('dist/server/controller.js'), ...processes('dist/server/applier.js')]
    .map((pid) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' '))
    .reduce(
      (sum, fields) => sum + fields.slice(11, 15).reduce((ticks, field) => ticks + Number(field), 0) / 100,
      0,
    );
}
