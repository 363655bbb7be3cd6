import { fileURLToPath } from 'node:url';
import { Lab } from '../src/lab/lab.ts';
import { withCleanUp } from './cleanup.ts';
import { benchCommand, optionsOf, partsOf, whole } from './command.ts';
import { contenders, named, slug } from './field/contenders.ts';
import { measure, type Run } from './field/failover.ts';
import { FailoverPage } from './field/failover-page.ts';
import { type Cell, merged, readCells, writeCells } from './field/failover-results.ts';
import { type Failure, failuresOf } from './field/failures.ts';
import { closeFields, removeFields } from './field/field.ts';
import { type Contender, title } from './field/ground.ts';
import { Traffic } from './field/traffic.ts';
import { circumstances, writeSection } from './results-section.ts';
import { duration } from './table.ts';

/**
 * Failures on equal ground, for Meshwright and for what a user would pick otherwise. Meshwright is measured alone, since its gaps
 * are milliseconds; the others side by side, several of each, since theirs are waits of seconds. A part can be measured again
 * (`--only`, `--failures`); what else the JSON file holds stays.
 */
const failureNames = failuresOf([...new Set(contenders.flatMap(({ daemons }) => daemons))]).map(
  ({ name }) => name,
);
const options = optionsOf<{
  runs: number;
  slowRuns: number;
  maxSeconds: number;
  sideBySide: number;
  only: string[];
  failures: string[];
  json: string;
}>(
  benchCommand('field-failover', 'failures on equal ground, for Meshwright and for others')
    .option('--runs <n>', 'how often', whole, 20)
    .option('--slow-runs <n>', 'how often for those at their defaults', whole, 4)
    .option('--max-seconds <n>', 'how long a gap is waited for', whole, 90)
    .option('--side-by-side <n>', 'how many of a contender at a time', whole, 4)
    .option('--only <names>', 'some contenders', partsOf(contenders.map(slug)), [])
    .option('--failures <names>', 'some failures', partsOf(failureNames), [])
    .option(
      '--json <file>',
      'results',
      fileURLToPath(new URL('./results/field-failover.json', import.meta.url)),
    ),
);
const { runs: RUNS, slowRuns: SLOW_RUNS, maxSeconds: MAX_SECONDS, sideBySide: REPLICAS } = options;
const startedAt = performance.now();

/** A failure of this contender, and every run of it so far. */
const measured = new Map<string, { contender: Contender; failure: Failure; runs: Run[] | null }>();

await withCleanUp(
  async () => {
    await removeFields();
    const chosen = named(options.only);
    for (const contender of chosen.filter(isAlone)) await replica(contender, RUNS, 5);
    for (const setting of ['best settings', 'defaults'] as const) {
      const group = chosen.filter((one) => !isAlone(one) && one.setting === setting);
      const runs = setting === 'defaults' ? SLOW_RUNS : RUNS;
      const copies = Math.min(REPLICAS, runs);
      const replicas = group.flatMap((one) => Array.from({ length: copies }, () => one));
      await Promise.all(replicas.map((one) => replica(one, Math.ceil(runs / copies), 20)));
    }
  },
  async () => {
    await closeFields();
    await Lab.down().catch(() => undefined);
    // What was measured before an interruption is kept too.
    if (measured.size > 0) await save();
  },
);

function isAlone({ name }: Contender): boolean {
  return name === 'Meshwright';
}

/** One ground after the other, by size; a contender that failed says why and leaves the others alone. */
async function replica(contender: Contender, runs: number, intervalMs: number): Promise<void> {
  const wanted = options.failures;
  const failures = failuresOf(contender.daemons).filter(
    ({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word)),
  );
  for (const size of [3, 4]) {
    const here = failures.filter((failure) => failure.size === size);
    if (here.length === 0) continue;
    try {
      await onGround(contender, size, here, runs, intervalMs);
    } catch (error) {
      say(`${title(contender)}: ${(error as Error).message}`);
      process.exitCode = 1;
    }
  }
}

async function onGround(
  contender: Contender,
  size: number,
  failures: readonly Failure[],
  runs: number,
  intervalMs: number,
): Promise<void> {
  const ground = await contender.open(size);
  const traffic = await Traffic.open(ground, intervalMs);
  say(`${title(contender)}: ${size} routers are up`);
  try {
    for (const failure of failures) {
      if (!failure.isFinal) await ground.settle().catch((error: Error) => say(error.message));
      for (let run = 0; run < runs; run++) {
        const result = await measure(ground, traffic, failure, { maxSeconds: MAX_SECONDS, backSeconds: 150 });
        note(contender, failure, result);
        // A daemon that nobody restarts stays dead, and who has no way round will not get one.
        if (result === null || (failure.isFinal && result.gapMs === null)) break;
      }
    }
  } finally {
    await traffic.close();
    await ground.stop();
  }
}

function note(contender: Contender, failure: Failure, run: Run | null): void {
  const key = `${title(contender)}: ${failure.name}`;
  const entry = measured.get(key) ?? { contender, failure, runs: run ? [] : null };
  measured.set(key, entry);
  if (run === null) {
    say(`${title(contender)}, ${failure.label}: no way round`);
    return;
  }
  entry.runs?.push(run);
  const gap = run.gapMs === null ? `longer than ${MAX_SECONDS} s` : duration(run.gapMs);
  const back = run.backMs === null ? '' : `; direct again after ${duration(run.backMs)}`;
  say(`${title(contender)}, ${failure.label}: gap ${gap}, ${run.lost} lost${back}`);
}

async function save(): Promise<void> {
  const day = new Date().toISOString().slice(0, 10);
  const fresh = await Promise.all(
    [...measured.values()].map(
      async ({ contender, failure, runs }): Promise<Cell> => ({
        name: contender.name,
        setting: contender.setting,
        failure: failure.name,
        version: await contender.version(),
        day,
        runs,
      }),
    ),
  );
  const cells = merged(readCells(options.json), fresh);
  writeCells(options.json, cells);
  const page = String(new FailoverPage(cells, contenders, MAX_SECONDS));
  console.log(`\n${page}`);
  const versions = new Set(
    contenders.flatMap((one) => cells.find(({ name }) => name === one.name)?.version ?? []),
  );
  const intro = `### Failover against the field

${circumstances([...versions])} \`./meshwright bench field-failover\`. Three routers on one underlay, a host behind each, a UDP probe
from host 1 to host 2; four where the router that traffic goes through is lost. The way that packets take is read from the bridge's
counters. Meshwright is measured alone, the others side by side, ${REPLICAS} of each. Figures of the reference are its vendor's, quoted.`;
  writeSection('field-failover', `${intro}\n\n${page}`);
}

function say(text: string): void {
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  console.log(`[${String(seconds).padStart(5)} s] ${text}`);
}
