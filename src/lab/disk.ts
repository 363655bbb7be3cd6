import { mkdirSync, readFileSync } from 'node:fs';
import { type ControllerPlan, lab } from './plan.ts';
import { attempt, run } from './program.ts';

/** Gives a machine's state a disk of its own that can be full: a tmpfs of this host, which outlives the machine's power cuts. */
export async function mountDisk(plan: ControllerPlan, megabytes: number): Promise<void> {
  const place = `${plan.directory}/lib`;
  mkdirSync(place, { recursive: true, mode: 0o755 });
  await run(['mount', '-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0755,nosuid,nodev`, 'mwlab', place]);
}

/** Found by their place and not in the state file: a crash may have come before it. */
export async function unmountDisks(): Promise<void> {
  const places = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .flatMap((line) => line.split(' ')[4] ?? [])
    .filter((place) => place.startsWith(`${lab.machineDirectory}/`));
  for (const place of places) await attempt(['umount', '--lazy', place]);
}
