import { createInterface } from 'node:readline';
import { ipBatch } from './ip-batch.ts';
import type { WorldJob } from './job.ts';
import { send } from './send.ts';

/** Runs in a network namespace of its own and plays everybody but the controller: sends what it is told to. */
console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  const { batch, packets } = JSON.parse(line) as WorldJob;
  await ipBatch(batch);
  await send(packets);
  console.log('sent');
  break;
}
process.exit(0);
