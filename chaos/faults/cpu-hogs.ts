import { type ChildProcess, spawn } from 'node:child_process';
import { cpus } from 'node:os';
import { anyController, type Fault } from '../fault.ts';

/** Two busy loops for every CPU of the machine, at the usual priority, as a compiler or a backup would be. */
export const cpuHogs: Fault = {
  name: 'cpu-hogs',
  minimum: 2,
  pick(random, size) {
    const count = cpus().length * 2;
    const hogs: ChildProcess[] = [];
    return {
      targets: `${count} loops`,
      at: [anyController(random, size)],
      effects: {},
      holdMs: random.whole(8, 15) * 1000,
      begin: async () => {
        for (let started = 0; started < count; started++)
          hogs.push(spawn('timeout', ['120', 'yes'], { stdio: ['ignore', 'ignore', 'ignore'] }));
      },
      end: async () => {
        for (const hog of hogs.splice(0)) hog.kill('SIGTERM');
      },
    };
  },
};
