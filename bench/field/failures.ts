import type { Ground } from './ground.ts';
import type { Traffic } from './traffic.ts';

/** Something that happens to a ground whose traffic goes from host 1 to host 2. */
export interface Failure {
  readonly name: string;
  readonly label: string;
  /** How many routers it needs. */
  readonly size: number;
  /** What has to be so before; false when this contender cannot be brought there. */
  prepare?(ground: Ground, traffic: Traffic): Promise<boolean>;
  strike(ground: Ground, traffic: Traffic): Promise<void>;
  /** Watched for so long whatever happens, instead of until traffic flows again. */
  readonly watchSeconds?: number;
  /** Nothing is left to heal: what died is restarted by its supervisor, or not at all. */
  readonly isFinal?: boolean;
}

const failures: readonly Failure[] = [
  { name: 'dark', label: 'link dark both ways', size: 3, strike: (ground) => ground.cut(1, 2) },
  {
    name: 'one-way',
    label: 'link dark one way',
    size: 3,
    strike: (ground) => ground.cut(1, 2, { oneWay: true }),
  },
  {
    name: 'loss',
    label: '30 % loss on the link, lost in 60 s',
    size: 3,
    strike: (ground) => ground.loss(1, 2, 30),
    watchSeconds: 60,
  },
  {
    name: 'bystander',
    label: 'router 3 dark, traffic between two others',
    size: 3,
    strike: (ground) => ground.cut(3),
    watchSeconds: 20,
  },
  {
    name: 'transit',
    label: 'router dark, traffic through it',
    size: 4,
    prepare: async (ground, traffic) => {
      await ground.cut(1, 2);
      return (await traffic.untilFlowing(90_000)) !== null && (await traffic.via()) !== null;
    },
    strike: async (ground, traffic) => ground.cut((await traffic.via()) ?? 3),
  },
];

export function failuresOf(daemons: readonly string[]): Failure[] {
  const killed = daemons.map(
    (daemon): Failure => ({
      name: `killed-${daemon}`,
      label: `${daemon} of router 1 killed`,
      size: 3,
      strike: async (ground) => {
        if (ground.kill(daemon) === 0) throw new Error(`no ${daemon} to kill`);
      },
      watchSeconds: 8,
      isFinal: true,
    }),
  );
  return [...failures, ...killed];
}
