import { killAll, type Part, type Process, partOf } from '../../src/lab/processes.ts';
import { anyController, type Effects, type Fault } from '../fault.ts';

const HOLD_MS = 10_000;

function freezing(name: string, part: Part, effectsOn: (id: number) => Effects): Fault {
  return {
    name: `stop-${name}`,
    minimum: 2,
    pick(random, size) {
      const id = anyController(random, size);
      let stopped: Process[] = [];
      return {
        targets: String(id),
        at: [id],
        effects: effectsOn(id),
        holdMs: HOLD_MS,
        begin: async (lab) => {
          stopped = partOf(lab.processes(id), part);
          if (stopped.length === 0) throw new Error(`no ${name} runs in controller ${id}`);
          killAll(stopped, 'SIGSTOP');
        },
        end: async () => killAll(stopped, 'SIGCONT'),
      };
    },
  };
}

/** SIGSTOP for ten seconds: a process that is there and does nothing, which is worse than one that died. */
export const stopController = freezing('controller', 'controller', () => ({}));
export const stopApplier = freezing('applier', 'applier', () => ({}));
export const stopBird = freezing('bird', 'bird', (id) => ({ routeless: [id], repairMs: 1000 }));
