import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { lab } from '../src/lab/plan.ts';
import { attempt } from '../src/lab/program.ts';
import { labNamespaces } from '../src/lab/tear-down.ts';

/** Network namespaces in which processes of this machine live, with who lives there. */
function inhabited(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const namespace = readlinkSync(`/proc/${pid}/ns/net`);
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      if (words !== '')
        found.set(namespace, [...(found.get(namespace) ?? []), `${pid} ${words.slice(0, 80)}`]);
    } catch {
      // it ended while we looked
    }
  }
  return found;
}

export const namespacesInUse = (): ReadonlySet<string> => new Set(inhabited().keys());

/** What is still there of a lab that was taken down: processes, namespaces, interfaces, files, mounts. */
export async function leftovers(before: ReadonlySet<string>): Promise<string[]> {
  const processes = [...inhabited()]
    .filter(([namespace]) => !before.has(namespace))
    .flatMap(([, words]) => words);
  const interfaces = (await attempt(['ip', '-o', 'link', 'show'])).stdout
    .split('\n')
    .filter((line) => /^\d+: (mw|mwlab)\w*[@:]/.test(line));
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => line.includes(lab.machineDirectory));
  const files = [lab.machineDirectory, lab.stateDirectory, lab.lockFile].filter((path) => existsSync(path));
  return [
    ...processes.map((words) => `process ${words}`),
    ...labNamespaces().map((name) => `namespace ${name}`),
    ...interfaces.map((line) => `interface ${line}`),
    ...mounts.map((line) => `mount ${line}`),
    ...files.map((path) => `file ${path}`),
  ];
}
