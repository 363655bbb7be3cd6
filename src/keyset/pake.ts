import type { PakeAnswers, PakeStep } from './pake-steps.ts';
import { callInWorker } from './worker-call.ts';

const TIMEOUT_MS = 15_000;

let turn: Promise<unknown> = Promise.resolve();

/**
 * Runs one step of the PAKE in a thread of its own, one after the other: a step is short and stretches keys in 64 MB,
 * which nine members that fetch at the same time would otherwise take nine times.
 */
export function pake<Step extends PakeStep>(input: Step): Promise<PakeAnswers[Step['step']]> {
  const answer = turn.then(() => callInWorker<PakeAnswers[Step['step']]>('pake-worker', input, TIMEOUT_MS));
  turn = answer.catch(() => undefined);
  return answer;
}
