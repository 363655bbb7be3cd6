import { attempt, run } from '../../src/lab/program.ts';
import { Field } from './field.ts';
import type { Contender, Ground, Setting } from './ground.ts';
import { type Keys, newKeys, wireguard } from './wireguard.ts';

/**
 * A WireGuard tunnel for each pair and OSPF over them. Timers are those of the chapter on OSPF in BIRD's manual: hello 10 s and
 * four of them by default; the smallest that it allows are a second and two. It asks for two seconds before sending anew.
 */
const timers: Readonly<Record<Setting, string>> = {
  defaults: '',
  'best settings': 'hello 1; dead count 2; retransmit 2; ',
};

/** The packaged unit restarts BIRD after a signal (Restart=on-abort) and its default wait of 100 ms. */
const RESTART_MS = 100;

export function ospf(setting: Setting): Contender {
  return {
    name: 'OSPF over WireGuard',
    setting,
    note: `BIRD without BFD, a tunnel for each pair, ${setting === 'defaults' ? 'hello 10 s, dead after 40 s' : 'hello 1 s, dead after 2 s'}`,
    daemons: ['bird'],
    version: async () => {
      // It prints its version on standard error.
      const { stdout, stderr } = await attempt(['bird', '--version']);
      return `BIRD ${/\d[\d.]+/.exec(stdout + stderr)?.[0]}`;
    },
    open: async (size): Promise<Ground> => {
      const field = await Field.build(size);
      const keys = await Promise.all(field.plans.map(newKeys));
      for (const { id } of field.plans) {
        for (const other of field.plans) if (other.id !== id) await tunnel(field, id, other.id, keys);
        const file = field.write(id, 'bird.conf', configuration(id, setting));
        await run(['bird', '-p', '-c', file]);
        const control = `${field.plan(id).directory}/bird.ctl`;
        field.start(id, ['bird', '-f', '-c', file, '-s', control], RESTART_MS);
      }
      await field.untilReachable(90_000);
      return field;
    },
  };
}

/** Both ends listen at a port that names the other one, so each tunnel has one of its own. */
async function tunnel(field: Field, id: number, other: number, keys: readonly Keys[]): Promise<void> {
  const [low, high] = [Math.min(id, other), Math.max(id, other)];
  await wireguard(field, id, other, {
    keys: keys[id - 1]!,
    port: 51820 + other,
    peers: [
      {
        publicKey: keys[other - 1]!.publicKey,
        endpoint: `${field.plan(other).underlay}:${51820 + id}`,
        networks: ['0.0.0.0/0'],
      },
    ],
    addresses: [`10.98.${low}${high}.${id === low ? 0 : 1}/31`],
  });
}

function configuration(id: number, setting: Setting): string {
  return `router id 10.98.0.${id};
protocol device { scan time 5; }
protocol kernel { ipv4 { export all; import none; }; }
protocol ospf v2 {
  ipv4 { import all; export none; };
  area 0 {
    interface "wg*" { type ptp; ${timers[setting]}};
    interface "site0" { stub; };
  };
}
`;
}
