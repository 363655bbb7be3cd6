import { sleep } from '../../src/lab/program.ts';
import type { Contender, Ground } from './ground.ts';
import { meshwright } from './meshwright.ts';
import { nebula } from './nebula.ts';
import { openvpn } from './openvpn.ts';
import { tinc } from './tinc.ts';
import { Traffic } from './traffic.ts';
import { wireguardMesh } from './wireguard-mesh.ts';

/** Who is measured under load, at its best settings. */
export interface Runner {
  readonly name: string;
  /** Whether it is one of those that a user would pick instead. */
  readonly isRival: boolean;
  version(): Promise<string>;
  open(): Promise<Ground>;
}

const plain = (contender: Contender, name: string, isRival: boolean): Runner => ({
  name,
  isRival,
  version: () => contender.version(),
  open: async () => {
    const ground = await contender.open(2);
    await sleep(2000);
    return ground;
  },
});

/** The link between 1 and 2 is cut, so that everything takes the way over router 3. */
const rerouted: Runner = {
  name: 'Meshwright over 3',
  isRival: false,
  version: () => meshwright.version(),
  open: async () => {
    const ground = await meshwright.open(3);
    try {
      await takeTheLongWay(ground);
      return ground;
    } catch (error) {
      // Nobody else would: what follows would be measured beside this lab.
      await ground.stop();
      throw error;
    }
  },
};

async function takeTheLongWay(ground: Ground): Promise<void> {
  await ground.cut(1, 2);
  // So many packets that failure detection, which speeds up meanwhile, cannot be taken for them.
  const traffic = await Traffic.open(ground, 2);
  try {
    await traffic.untilFlowing(20_000);
    if ((await traffic.via()) !== 3) throw new Error('traffic does not take the way over 3');
  } finally {
    await traffic.close();
  }
}

export const runners: readonly Runner[] = [
  plain(meshwright, 'Meshwright', false),
  rerouted,
  plain(wireguardMesh, 'bare WireGuard, same engine', false),
  plain(tinc('best settings'), 'tinc', true),
  plain(nebula('best settings'), 'Nebula', true),
  plain(openvpn('best settings'), 'OpenVPN', true),
];
