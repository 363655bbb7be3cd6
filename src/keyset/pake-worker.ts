import { parentPort, workerData } from 'node:worker_threads';
import { runPake } from './pake-steps.ts';

/** Entry of the short-lived thread in which one step of the PAKE runs. */
parentPort!.postMessage(await runPake(workerData));
