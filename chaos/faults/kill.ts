import { type Part, partOf } from '../../src/lab/processes.ts';
import { anyController, anyPair, type Effects, type Fault, words } from '../fault.ts';

/** BIRD is there again, and its sessions are, within a second: bench/process-death.bench.ts measures it. */
const BIRD_MS = 1000;
/** A tunnel that nobody can go round is there again within this. */
const TUNNEL_MS = 1500;

function killing(name: string, part: Part, effectsOn: (id: number) => Effects): Fault {
  return {
    name: `kill-${name}`,
    minimum: 2,
    pick(random, size) {
      const id = anyController(random, size);
      return {
        targets: String(id),
        at: [id],
        effects: effectsOn(id),
        holdMs: random.whole(4, 8) * 1000,
        begin: async (lab) => {
          if (lab.kill(id, part) === 0) throw new Error(`no ${name} runs in controller ${id}`);
        },
        end: async () => {},
      };
    },
  };
}

/** SIGKILL of each process. Nobody but those whose packets an engine carries may notice. */
export const killController = killing('controller', 'controller', () => ({}));
export const killApplier = killing('applier', 'applier', () => ({}));
export const killOpenvpn = killing('openvpn', 'openvpn', () => ({}));
export const killBird = killing('bird', 'bird', (id) => ({ restarting: [id], repairMs: BIRD_MS }));

export const killTunnel: Fault = {
  name: 'kill-tunnel',
  minimum: 2,
  pick(random, size) {
    const [id, peer] = anyPair(random, size);
    return {
      targets: words([id, peer]),
      at: [id],
      effects: { rebuilt: [[id, peer]], repairMs: TUNNEL_MS },
      holdMs: random.whole(4, 8) * 1000,
      begin: async (lab) => {
        if (partOf(lab.processes(id), { link: peer }).length === 0)
          throw new Error(`no process carries link ${id}-${peer}: the kernel does`);
        lab.kill(id, { link: peer });
      },
      end: async () => {},
    };
  },
};
