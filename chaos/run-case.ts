import { sleep } from '../src/lab/program.ts';
import { allowedRecoveryMs } from './budget.ts';
import type { Evidence } from './evidence.ts';
import { invariants } from './invariants/all.ts';
import { measure } from './invariants/connectivity.ts';
import { processesOf } from './processes.ts';
import type { Case } from './sequence.ts';
import { differences, type Stage } from './stage.ts';
import { judgeStatements, type Truth } from './truth.ts';

/** Changes are written for a moment before the fault begins, all the time while it lasts, and for a moment after it. */
const WRITING_MS = 1000;
const POLL_MS = 500;

export interface Failure {
  readonly invariant: string;
  readonly facts: readonly string[];
}

export interface Outcome {
  readonly one: Case;
  readonly begin: number;
  /** How long the machine itself stood still at worst, as a probe shows that takes no tunnel. */
  readonly stallMs: number;
  /** The longest silence of a pair that had a way all the time; null when there was no such pair. */
  readonly gapMs: number | null;
  /** How long the last pair without a way took to be connected again. */
  readonly returnMs: number | null;
  /** How long it took until nothing was different from a mesh that never failed. */
  readonly recoveryMs: number;
  readonly detectionMs: number;
  readonly changes: number;
  readonly truth: Truth;
  readonly failures: readonly Failure[];
}

export async function runCase(stage: Stage, one: Case): Promise<Outcome> {
  const { lab, watch, writer, membership } = stage;
  const writtenBefore = writer.acknowledged;
  const detectionMs = watch.detectionMs;
  const processesBefore = new Map(lab.plans.map(({ id }) => [id, processesOf(lab, id)]));
  const { begin, end } = await strike(stage, one);
  const { missing, different } = await recovery(stage, end + allowedRecoveryMs(one.blow.effects, one.size));
  const settled = Date.now();
  const stallMs = watch.stallMs(begin, settled);
  const truth = judge(stage, one, begin, end, settled);
  const evidence: Evidence = {
    ...{ lab, one, watch, membership, begin, end, settled, detectionMs, stallMs, truth },
    ...{ different, missing, processesBefore },
  };
  const failures: Failure[] = [];
  for (const { name, check } of invariants) {
    const facts = await Promise.resolve()
      .then(() => check(evidence))
      .catch((error: Error) => [`could not be checked: ${error.message}`]);
    if (facts.length > 0) failures.push({ invariant: name, facts });
  }
  const pairs = measure(evidence);
  const gaps = pairs.filter(({ returnMs }) => returnMs === null).map(({ gapMs }) => gapMs);
  const returns = pairs.flatMap(({ returnMs }) => (returnMs === null ? [] : [returnMs]));
  return {
    one,
    begin,
    stallMs,
    gapMs: gaps.length === 0 ? null : Math.max(...gaps),
    returnMs: returns.length === 0 ? null : Math.max(...returns),
    recoveryMs: settled - end,
    detectionMs,
    changes: writer.acknowledged - writtenBefore,
    truth,
    failures,
  };
}

/** Lets the fault happen while changes are written, and undoes it whatever happens. */
async function strike({ lab, writer }: Stage, { blow }: Case): Promise<{ begin: number; end: number }> {
  writer.start(blow.at);
  try {
    await sleep(WRITING_MS);
    const begin = Date.now();
    let end: number;
    try {
      await blow.begin(lab);
      await sleep(Math.max(0, begin + blow.holdMs - Date.now()));
    } finally {
      end = Date.now();
      await blow.end(lab);
    }
    await sleep(WRITING_MS);
    return { begin, end };
  } finally {
    await writer.stop();
  }
}

/** Waits until every acknowledged change is there, takes routes back, and waits until all is as before. */
async function recovery(stage: Stage, deadline: number) {
  const failed = (error: Error) => [error.message];
  const poll = async (look: () => Promise<string[]>) => {
    for (;;) {
      const found = await look().catch(failed);
      if (found.length === 0 || Date.now() > deadline) return found;
      await sleep(POLL_MS);
    }
  };
  const missing = await poll(() => stage.writer.missing());
  await poll(async () => {
    await stage.writer.takeBack();
    return [];
  });
  return { missing, different: await poll(() => differences(stage)) };
}

function judge({ watch }: Stage, { blow }: Case, begin: number, end: number, settled: number): Truth {
  const { routeless = [], restarting = [], rebuilt = [], repairMs = 0 } = blow.effects;
  const standstills = [
    ...routeless.map((id) => ({ ids: [id], from: begin, to: end })),
    ...restarting.map((id) => ({ ids: [id], from: begin, to: begin + repairMs })),
    ...rebuilt.map((ids) => ({ ids, from: begin, to: begin + repairMs })),
  ];
  const during = watch.statements.filter(({ at }) => at >= begin && at <= settled);
  return judgeStatements(during, (by, peer) => watch.linkEchoes(by, peer), standstills);
}
