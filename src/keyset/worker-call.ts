import { Worker } from 'node:worker_threads';
import { type Program, programFile } from '../programs.ts';

/**
 * Runs a worker for one answer and ends it. Long cryptography must not hold up the API, and the memory that the
 * PAKE library takes for key stretching comes back only when its thread is gone.
 */
export async function callInWorker<Answer>(
  program: Program,
  input: unknown,
  timeoutMs: number,
): Promise<Answer> {
  const worker = new Worker(programFile(program), { workerData: input });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Answer>((resolve, reject) => {
      timer = setTimeout(
        () => reject(new Error(`the worker did not answer within ${timeoutMs} ms`)),
        timeoutMs,
      );
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`the worker ended with code ${code}`)));
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
