import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import type { Lab } from '../../src/lab/lab.ts';
import { anyController, type Fault } from '../fault.ts';

const filler = (lab: Lab, id: number) => `${lab.plan(id).directory}/lib/filler`;

/** No byte is free where a controller and its applier keep their state. Packets need none. */
export const diskFull: Fault = {
  name: 'disk-full',
  minimum: 2,
  pick(random, size) {
    const id = anyController(random, size);
    return {
      targets: String(id),
      at: [id],
      effects: {},
      holdMs: random.whole(8, 15) * 1000,
      begin: async (lab) => fill(filler(lab, id)),
      end: async (lab) => rmSync(filler(lab, id), { force: true }),
    };
  },
};

/** Large pieces first, then single bytes: a page that is begun has room for a small row. */
function fill(path: string): void {
  const file = openSync(path, 'w', 0o600);
  try {
    for (const bytes of [1 << 20, 4096, 1]) {
      const piece = Buffer.alloc(bytes);
      try {
        for (;;) writeSync(file, piece);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    }
  } finally {
    closeSync(file);
  }
}
