import { cpus, release } from 'node:os';
import { Lab } from '../src/lab/lab.ts';
import { readState } from '../src/lab/state.ts';
import { document } from './document.ts';
import type { Fault } from './fault.ts';
import { faults } from './faults/all.ts';
import { leftovers, namespacesInUse } from './leftovers.ts';
import { type Options, parseOptions } from './options.ts';
import { caseLine, plainTable } from './report.ts';
import { keep, type Report, type Result, toResult, truthOf } from './result.ts';
import { runCase } from './run-case.ts';
import { type Case, caseAt, repetition } from './sequence.ts';
import { type Stage, setStage } from './stage.ts';

/** The seeded fault matrix: `./meshwright chaos`. Exit code 1 when an invariant did not hold. */
const TRUTH_GOAL = 0.999;

const say = (text: string) => process.stdout.write(`${text}\n`);
const options = optionsOrExit();
const chosen = faults.filter(({ name }) => options.fault === null || name === options.fault);
const results: Result[] = [];
let failed = false;
let current: { stage: Stage; one: Case | null } | null = null;

if (options.list) {
  for (const size of options.sizes)
    for (const { index, fault, blow } of sequence(chosen, options, size))
      say(
        `${String(index).padStart(3)}  ${size} controllers  ${fault} ${blow.targets}, ${blow.holdMs / 1000} s`,
      );
} else {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void abandon());
  await runAll();
}

/** What the command line says, or words about what is wrong with it and exit code 2. */
function optionsOrExit(): Options {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`meshwright chaos: ${(error as Error).message}\n`);
    process.exit(2);
  }
}

function* sequence(all: readonly Fault[], { seed, from, cases }: Options, size: number): Generator<Case> {
  for (let index = from; index < from + cases; index++) yield caseAt(all, seed, size, index);
}

async function runAll(): Promise<void> {
  const before = namespacesInUse();
  const share = (options.minutes * 60_000) / options.sizes.length;
  const from = performance.now();
  try {
    // Each size has its share of the time, so that the first one does not take all of it.
    for (const [index, size] of options.sizes.entries()) await runSize(size, from + (index + 1) * share);
  } finally {
    await clear();
  }
  const left = await leftovers(before);
  for (const one of left) fail(`left over after lab down: ${one}`);
  const truth = truthOf(results);
  say(['', ...plainTable(results)].join('\n'));
  say(
    `\ntruth score ${(truth * 100).toFixed(3)} % of ${statements(results)} statements, goal ${TRUTH_GOAL * 100} %`,
  );
  const clean = results.filter(({ fault }) => !['loss-30', 'jitter-200'].includes(fault));
  say(`without links that lose or delay: ${(truthOf(clean) * 100).toFixed(3)} % of ${statements(clean)}`);
  if (truth < TRUTH_GOAL) fail('the truth score is below its goal');
  const whole = options.json === null ? report() : keep(options.json, report());
  if (options.document) document(whole);
  if (failed) process.exitCode = 1;
}

function statements(all: readonly Result[]): number {
  return all.reduce((sum, { truth }) => sum + truth.right + truth.wrong.length, 0);
}

/** All cases of one size, in one lab. A mesh that did not recover is taken down, so that it cannot spoil the next case. */
async function runSize(size: number, until: number): Promise<void> {
  for (const one of sequence(chosen, options, size)) {
    if (performance.now() > until) return;
    if (one.blow.lacks) {
      say(
        `${String(one.index).padStart(3)}  ${size} controllers  ${one.fault}: skipped, ${one.blow.lacks} is not installed`,
      );
      continue;
    }
    const stage: Stage = current?.stage ?? (await begin(size));
    current = { stage, one };
    let result: Result;
    try {
      result = toResult(await runCase(stage, one));
    } catch (error) {
      fail(
        `${one.fault} ${one.blow.targets}: ${(error as Error).message}\n      again: ${repetition(one, options.fault)}`,
      );
      await clear();
      continue;
    }
    current.one = null;
    results.push(result);
    say(caseLine(result));
    for (const wrong of result.truth.wrong.slice(0, 3)) say(`      untrue: ${wrong}`);
    for (const { invariant, facts } of result.failures) fail([`${invariant}:`, ...facts].join('\n        '));
    if (result.failures.length > 0) say(`      again: ${repetition(one, options.fault)}`);
    if (result.failures.some(({ invariant }) => invariant === 'as if nothing had been')) await clear();
  }
  await clear();
}

async function begin(size: number): Promise<Stage> {
  const start = performance.now();
  const stage = await setStage(size, () => {});
  say(
    `--- ${size} controllers, at rest after ${Math.round((performance.now() - start) / 1000)} s; seed ${options.seed}`,
  );
  return stage;
}

async function clear(): Promise<void> {
  const { stage, one } = current ?? { stage: null, one: null };
  current = null;
  if (stage) await one?.blow.end(stage.lab).catch(() => undefined);
  stage?.watch.stop();
  // Somebody else's lab is none of ours, also when it is the reason why we have none.
  if (readState()?.owner === process.pid) await Lab.down();
}

/** Somebody has had enough: what runs is undone and removed before the process ends. */
async function abandon(): Promise<void> {
  say('\ninterrupted: taking the lab down');
  await clear().catch((error: Error) => say(error.message));
  say(plainTable(results).join('\n'));
  if (options.json !== null) keep(options.json, report());
  process.exit(130);
}

function fail(text: string): void {
  failed = true;
  say(`      ${text}`);
}

function report(): Report {
  return {
    machine: `${cpus().length} cores, Linux ${release()}, Node ${process.version}`,
    date: new Date().toISOString().slice(0, 10),
    seed: options.seed,
    command: `./meshwright chaos ${process.argv.slice(2).join(' ')}`,
    results,
  };
}
