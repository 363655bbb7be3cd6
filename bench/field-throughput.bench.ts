import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Lab } from '../src/lab/lab.ts';
import { withCleanUp } from './cleanup.ts';
import { benchCommand, optionsOf, partsOf, whole } from './command.ts';
import { closeFields, removeFields } from './field/field.ts';
import { type Figures, underLoad } from './field/load.ts';
import { type Runner, runners } from './field/runners.ts';
import { throughputPage } from './field/throughput-page.ts';
import { circumstances, writeSection } from './results-section.ts';

/**
 * Throughput and latency from host 1 to host 2 through two routers, in turn: each round brings one after the other up, so that
 * nobody's idle work is in anybody's way, and measures the same. `--add` keeps the rounds that the JSON file holds.
 */
const {
  rounds: ROUNDS,
  only,
  ...values
} = optionsOf<{ rounds: number; only: string[]; add: boolean; json: string }>(
  benchCommand('field-throughput', 'throughput and latency, for Meshwright and for others')
    .option('--rounds <n>', 'how often; 0 writes the page anew', whole, 3)
    .option('--only <names>', 'some contenders', partsOf(runners.map(({ name }) => name.toLowerCase())), [])
    .option('--add', 'keep the rounds that the file holds', false)
    .option(
      '--json <file>',
      'results',
      fileURLToPath(new URL('./results/field-throughput.json', import.meta.url)),
    ),
);
const startedAt = performance.now();
const results: Record<string, Figures[]> = values.add ? earlier() : {};

await withCleanUp(
  async () => {
    await removeFields();
    for (let round = 1; round <= ROUNDS; round++) {
      for (const runner of runners) {
        if (only.length > 0 && !only.some((word) => runner.name.toLowerCase().includes(word))) continue;
        await measure(runner, round).catch((error: Error) => {
          say(`round ${round}: ${runner.name}: ${error.message}`);
          process.exitCode = 1;
        });
      }
    }
  },
  async () => {
    await closeFields();
    await Lab.down().catch(() => undefined);
    // What was measured before an interruption is kept too.
    if (Object.keys(results).length > 0) await save();
  },
);

async function measure(runner: Runner, round: number): Promise<void> {
  const ground = await runner.open();
  try {
    const figures = await underLoad(ground);
    results[runner.name] = [...(results[runner.name] ?? []), figures];
    const { up1, up8, down1, udp } = figures;
    const rates = [up1, up8, down1].map((rate) => rate.toFixed(2)).join(' / ');
    say(
      `round ${round}: ${runner.name}: up, 8 streams, down ${rates} Gbit/s, ${Math.round(udp)} small packets/s`,
    );
  } finally {
    await ground.stop();
  }
}

async function save(): Promise<void> {
  mkdirSync(dirname(values.json), { recursive: true });
  writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
  const page = throughputPage(results, runners);
  console.log(`\n${page}`);
  const versions = await Promise.all(runners.map((runner) => runner.version()));
  const intro = `### Throughput against the field

${circumstances([...new Set(versions)])} \`./meshwright bench field-throughput\`. Host to host through two routers, all on this machine's
cores; each round brings one after the other up and measures the same. Medians. Small packets carry 64 bytes; what is given is the
highest rate of which less than 1 % is lost, with hosts that are served before the engines, as if they had cores of their own. CPU is that
of the whole machine, iperf3 included.`;
  writeSection('field-throughput', `${intro}\n\n${page}`);
}

function earlier(): Record<string, Figures[]> {
  try {
    return JSON.parse(readFileSync(values.json, 'utf8')) as Record<string, Figures[]>;
  } catch {
    return {};
  }
}

function say(text: string): void {
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  console.log(`[${String(seconds).padStart(5)} s] ${text}`);
}
