import { Lab } from '../src/lab/lab.ts';
import { numberOf } from './command.ts';
import { availableMegabytes, idleCost, privateMegabytes } from './lab-cost.ts';
import { allUp, downEvents, report, sleep, status, until } from './support.ts';

/** Ten controllers, 45 links: time until everybody reaches everybody, memory, idle CPU, and five calm minutes. */
const CALM_S = numberOf(
  'scale',
  'ten controllers: set-up, memory, idle CPU, flaps',
  'seconds',
  'how long they are watched',
  300,
);

const memoryBefore = availableMegabytes();
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
  const used = (memoryBefore - availableMegabytes()) / 1024;
  report(
    '10 controllers: memory (difference of MemAvailable)',
    `${used.toFixed(2)} GB`,
    '< 2.5 GB',
    used < 2.5,
  );
  const since = Date.now();
  const { ownPercent } = await idleCost(lab, CALM_S);
  const flaps = await downEvents(lab, since);
  report(`10 controllers: flaps in the ${CALM_S} s after`, String(flaps.length), '0', flaps.length === 0);
  for (const flap of flaps.slice(0, 10)) console.log(`  ${flap}`);
  for (const [part, limit] of [
    ['controller', 120],
    ['applier', 90],
  ] as const) {
    const size = privateMegabytes(lab, part);
    report(
      `${part} with 9 links: private memory (RssAnon)`,
      `${size.toFixed(0)} MB at most`,
      `< ${limit} MB`,
      size < limit,
    );
  }
  report(
    'controller and applier with 9 links: idle CPU',
    `${ownPercent.toFixed(2)} % of a core`,
    '< 2 %',
    ownPercent < 2,
  );
  const picture = await status(lab, 1);
  console.log(
    `  detection times on controller 1: ${picture.links.map((link) => link.bfd.timeout_ms).join(', ')} ms; idle ${picture.applier.cpu_idle}`,
  );
} finally {
  await Lab.down();
}
