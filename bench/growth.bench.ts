import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Lab } from '../src/lab/lab.ts';
import { readState } from '../src/lab/state.ts';
import { withCleanUp } from './cleanup.ts';
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
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'controllers,routes,packs' },
    sizes: { type: 'string', default: '2,3,4,6,8,10' },
    routes: { type: 'string', default: '100,1000,2500' },
    packs: { type: 'string', default: '100,1000,5000' },
    runs: { type: 'string', default: '3' },
    json: { type: 'string', default: fileURLToPath(new URL('./results/growth.json', import.meta.url)) },
  },
});
const only = values.only.split(',');
const numbers = (text: string) => text.split(',').map(Number);
const day = new Date().toISOString().slice(0, 10);
const startedAt = performance.now();
let results = readResults(values.json);

await withCleanUp(
  async () => {
    if (only.includes('controllers')) await controllers();
    if (only.includes('routes')) await routes();
    if (only.includes('packs')) await packs();
    if (only.includes('page')) await save();
  },
  // A lab that somebody else left running is why nothing was measured, and stays.
  async () => (readState()?.owner === process.pid ? Lab.down() : undefined),
);

async function controllers(): Promise<void> {
  await eachSize(values.sizes, 'controllers', async (n) => {
    const row = await measureControllers(n, Number(values.runs), day);
    results = { ...results, controllers: withRow(results.controllers, row) };
    return row;
  });
}

async function routes(): Promise<void> {
  await measureRoutes(numbers(values.routes), day, async (row) => {
    say(`${row.n} routes: ${JSON.stringify(row)}`);
    results = { ...results, routes: withRow(results.routes, row) };
    await save();
  }).catch((error: Error) => failed('routes', error));
}

async function packs(): Promise<void> {
  await eachSize(values.packs, 'clientpacks', async (n) => {
    const row = await measurePacks(n, day);
    results = { ...results, packs: withRow(results.packs, row) };
    return row;
  });
}

/** A size that failed says why and leaves the others alone. */
async function eachSize(sizes: string, what: string, measure: (n: number) => Promise<object>): Promise<void> {
  for (const n of numbers(sizes)) {
    try {
      say(`${n} ${what}: ${JSON.stringify(await measure(n))}`);
      await save();
    } catch (error) {
      failed(`${n} ${what}`, error as Error);
    }
  }
}

async function save(): Promise<void> {
  writeResults(values.json, results);
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
