import type { Lab } from '../src/lab/lab.ts';
import { partOf } from '../src/lab/processes.ts';

/** A process of a controller that has to live on: its part and its id. */
export interface Process {
  readonly part: string;
  readonly pid: number;
}

/** Both processes of ours and every engine of a controller. */
export function processesOf(lab: Lab, id: number): Process[] {
  const all = lab.processes(id);
  const named = (['controller', 'applier', 'bird', 'openvpn'] as const).flatMap((part) =>
    partOf(all, part).map(({ pid }) => ({ part, pid })),
  );
  const tunnels = all.filter(({ argv }) => argv[0]?.endsWith('wireguard-go'));
  return [...named, ...tunnels.map(({ argv, pid }) => ({ part: `tunnel ${argv.at(-1)}`, pid }))];
}
