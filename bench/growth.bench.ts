import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Lab } from '../src/lab/lab.ts';
import { readState } from '../src/lab/state.ts';
import { withCleanUp } from './cleanup.ts';
import { benchCommand, optionsOf, whole, wholes, words } from './command.ts';
import { meshwright } from './field/meshwright.ts';
import { ospf } from './field/ospf.ts';
import { wireguardVersion } from './field/wireguard.ts';
import { measureControllers } from './growth/controllers.ts';
import { measurePacks } from './growth/packs.ts';
import { growthPage } from './growth/page.ts';
import { growthPlots } from './growth/plots.ts';
import { readResults, withRow, writeResults } from './growth/results.ts';
import { measureRoutes } from './growth/routes.ts';
import { linePlot } from './plot.ts';
import { circumstances, writeSection } from './results-section.ts';

/**
 * How a mesh grows: with controllers, with routes, with clientpacks. A part (`--only`) or some sizes of it can be measured again;
 * what else the JSON file holds stays. Everything is saved after each size. `--only page` measures nothing and draws what is there.
 */
const options = optionsOf<{
  only: string[];
  sizes: number[];
  routes: number[];
  packs: number[];
  runs: number;
  json: string;
}>(
  benchCommand('growth', 'how a mesh grows with controllers, routes and clientpacks')
    .option('--only <parts>', 'controllers, routes, packs; page draws what is there', words, [
      'controllers',
      'routes',
      'packs',
    ])
    .option('--sizes <list>', 'numbers of controllers', wholes, [2, 3, 4, 6, 8, 10])
    .option('--routes <list>', 'numbers of routes', wholes, [100, 1000, 2500])
    .option('--packs <list>', 'numbers of clientpacks', wholes, [100, 1000, 5000])
    .option('--runs <n>', 'cuts and losses of each size', whole, 3)
    .option('--json <file>', 'results', fileURLToPath(new URL('./results/growth.json', import.meta.url))),
);
const day = new Date().toISOString().slice(0, 10);
const startedAt = performance.now();
let results = readResults(options.json);

await withCleanUp(
  async () => {
    if (options.only.includes('controllers')) await controllers();
    if (options.only.includes('routes')) await routes();
    if (options.only.includes('packs')) await packs();
    if (options.only.includes('page')) await save();
  },
  // A lab that somebody else left running is why nothing was measured, and stays.
  async () => (readState()?.owner === process.pid ? Lab.down() : undefined),
);

async function controllers(): Promise<void> {
  await eachSize(options.sizes, 'controllers', async (n) => {
    const row = await measureControllers(n, options.runs, day);
    results = { ...results, controllers: withRow(results.controllers, row) };
    return row;
  });
}

async function routes(): Promise<void> {
  await measureRoutes(options.routes, day, async (row) => {
    say(`${row.n} routes: ${JSON.stringify(row)}`);
    results = { ...results, routes: withRow(results.routes, row) };
    await save();
  }).catch((error: Error) => failed('routes', error));
}

async function packs(): Promise<void> {
  await eachSize(options.packs, 'clientpacks', async (n) => {
    const row = await measurePacks(n, day);
    results = { ...results, packs: withRow(results.packs, row) };
    return row;
  });
}

/** A size that failed says why and leaves the others alone. */
async function eachSize(
  sizes: readonly number[],
  what: string,
  measure: (n: number) => Promise<object>,
): Promise<void> {
  for (const n of sizes) {
    try {
      say(`${n} ${what}: ${JSON.stringify(await measure(n))}`);
      await save();
    } catch (error) {
      failed(`${n} ${what}`, error as Error);
    }
  }
}

async function save(): Promise<void> {
  writeResults(options.json, results);
  for (const [name, plot] of growthPlots(results)) {
    const file = new URL(`../docs/images/growth-${name}.svg`, import.meta.url);
    writeFileSync(file, linePlot(plot));
  }
  const versions = [await meshwright.version(), await wireguardVersion(), await ospf('defaults').version()];
  const intro = `### Growth

${circumstances(versions)} \`./meshwright bench growth\`. All controllers share the machine, so what grows with their number is the work of
one small machine, not of one controller.`;
  writeSection('growth', `${intro}\n\n${growthPage(results)}`);
}

function say(text: string): void {
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  console.log(`[${String(seconds).padStart(5)} s] ${text}`);
}

function failed(what: string, error: Error): void {
  say(`${what}: ${error.message}`);
  process.exitCode = 1;
}
