import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { servicesDirectory } from '../../src/cli/serve/services.ts';
import type { Lab } from '../../src/lab/lab.ts';
import { initPid } from '../../src/lab/machine.ts';
import { anyController, type Fault } from '../fault.ts';

/**
 * The kernel has no namespace for the time of day, and the machine's own clock is everybody's. What can be shifted is the
 * clock that a process sees, with Debian's libfaketime; so both processes of ours begin anew an hour off.
 */
const library = (): string | undefined =>
  globSync('/usr/lib/*/faketime/libfaketime.so.1').find((path) => existsSync(path));

/** Node alone gets the other clock: the library costs seconds at the start of each program. */
const PLAIN = /env MALLOC/;
const SHIFTED = /env LD_PRELOAD=\S+ FAKETIME=\S+ FAKETIME_DONT_FAKE_MONOTONIC=1 MALLOC/;

function edit(lab: Lab, id: number, from: RegExp, to: string): void {
  for (const name of ['controller', 'applier'] as const) {
    const script = `/proc/${initPid(lab.plan(id))}/root${servicesDirectory}/enabled/${name}/run`;
    const text = readFileSync(script, 'utf8');
    if (!from.test(text)) continue;
    writeFileSync(script, text.replace(from, to));
    lab.kill(id, name);
  }
}

/** The clock of a controller is an hour ahead, or behind. */
export const clock: Fault = {
  name: 'clock-1h',
  minimum: 2,
  pick(random, size) {
    const id = anyController(random, size);
    const shift = random.one(['+3600', '-3600']);
    return {
      targets: `${id} ${shift} s`,
      at: [id],
      effects: {},
      holdMs: random.whole(20, 30) * 1000,
      get lacks() {
        return library() === undefined ? 'libfaketime' : null;
      },
      begin: async (lab) => {
        const preload = `LD_PRELOAD=${library()} FAKETIME=${shift} FAKETIME_DONT_FAKE_MONOTONIC=1`;
        edit(lab, id, PLAIN, `env ${preload} MALLOC`);
      },
      end: async (lab) => edit(lab, id, SHIFTED, 'env MALLOC'),
    };
  },
};
