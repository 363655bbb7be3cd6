import type { PakeAnswers, PakeStep } from './pake-steps.ts';
import { callInWorker } from './worker-call.ts';

const TIMEOUT_MS = 15_000;

/** Runs one step of the PAKE in a thread of its own. */
export function pake<Step extends PakeStep>(input: Step): Promise<PakeAnswers[Step['step']]> {
  return callInWorker(new URL('./pake-worker.ts', import.meta.url), input, TIMEOUT_MS);
}
