import { readdirSync, rmdirSync, rmSync } from 'node:fs';
import { unmountDisks } from './disk.ts';
import { removeLoopback } from './loopback.ts';
import { lab } from './plan.ts';
import { killAll, processesIn } from './processes.ts';
import { attempt, until } from './program.ts';
import { readState } from './state.ts';

/** The lab's namespaces that exist, found by name and not in the state file: a crash may have come before it. */
export function labNamespaces(): string[] {
  try {
    return readdirSync('/run/netns').filter((name) => /^mwlab-(net|[csk]\d+)$/.test(name));
  } catch {
    return [];
  }
}

/** Where a namespace of that name holds one end of a wire. Deleting one end deletes the other. */
function wiresOf(namespace: string): string[] {
  if (namespace === lab.internetNamespace) return [lab.hostPort, lab.bridge];
  return namespace.startsWith('mwlab-c') ? ['eth0', lab.siteInterface] : ['eth0'];
}

/**
 * Removes every trace of a lab, running, half built or crashed. The kernel deletes a namespace later and only
 * when nobody uses it: processes go first, then wires, then names.
 */
export async function tearDown(): Promise<void> {
  const namespaces = labNamespaces();
  const madeEtc = readState()?.madeEtc ?? false;
  await removeLoopback();
  await until(
    'the processes of the lab to end',
    () => {
      const left = processesIn(namespaces).filter((one) => one.pid !== process.pid);
      killAll(left);
      return left.length === 0;
    },
    { timeoutMs: 20_000 },
  );
  await attempt(['ip', 'link', 'del', lab.hostInterface]);
  for (const namespace of namespaces) {
    for (const wire of wiresOf(namespace)) await attempt(['ip', '-n', namespace, 'link', 'del', wire]);
  }
  for (const namespace of namespaces) await attempt(['ip', 'netns', 'del', namespace]);
  const left = labNamespaces();
  if (left.length > 0) throw new Error(`the kernel did not let go of ${left.join(', ')}`);
  await unmountDisks();
  await removeDisks();
  if (madeEtc) removeIfEmpty('/etc/meshwright');
  rmSync(lab.stateDirectory, { recursive: true, force: true });
}

/** Mounts that lie on the disks belong to namespaces that end with their last process, a moment after it. */
async function removeDisks(): Promise<void> {
  await until(`${lab.machineDirectory} to be free`, () => {
    try {
      rmSync(lab.machineDirectory, { recursive: true, force: true });
      return true;
    } catch {
      return false;
    }
  });
}

function removeIfEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch {
    // somebody put something there: it stays
  }
}
