import { readdirSync, readFileSync, statSync } from 'node:fs';
import { builtFile } from '../programs.ts';

export interface Process {
  readonly pid: number;
  /** Process ids from the outermost namespace inwards. */
  readonly namespacePids: readonly number[];
  readonly name: string;
  readonly argv: readonly string[];
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null; // the process ended while we looked
  }
}

function describe(pid: number): Process | null {
  const status = read(`/proc/${pid}/status`);
  const argv = read(`/proc/${pid}/cmdline`);
  if (status === null || argv === null || /^State:\tZ/m.test(status)) return null;
  const pids = /^NSpid:(.*)$/m.exec(status)?.[1]?.trim().split(/\s+/).map(Number);
  return {
    pid,
    namespacePids: pids ?? [pid],
    name: /^Name:\t(.*)$/m.exec(status)?.[1] ?? '',
    argv: argv.split('\0').slice(0, -1),
  };
}

/** Every process whose network namespace is one of the named ones. */
export function processesIn(namespaces: readonly string[]): Process[] {
  const inodes = new Set(
    namespaces.flatMap((name) => statSync(`/run/netns/${name}`, { throwIfNoEntry: false })?.ino ?? []),
  );
  if (inodes.size === 0) return [];
  const found: Process[] = [];
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      if (!inodes.has(statSync(`/proc/${entry}/ns/net`).ino)) continue;
    } catch {
      continue;
    }
    const process = describe(Number(entry));
    if (process) found.push(process);
  }
  return found;
}

/** The first process of the controller's process namespace: everything else dies with it. */
export function initOf(processes: readonly Process[]): Process | undefined {
  return processes.find((one) => one.namespacePids.length > 1 && one.namespacePids.at(-1) === 1);
}

export type Part = 'controller' | 'applier' | 'bird' | 'openvpn' | { readonly link: number };

/** The processes of one part of a controller. Supervisors and their log writers are not among them. */
export function partOf(processes: readonly Process[], part: Part): Process[] {
  return processes.filter(({ name, argv }) => {
    const program = argv[0]?.split('/').at(-1);
    if (part === 'bird' || part === 'openvpn') return name === part;
    if (part === 'controller' || part === 'applier') {
      return program === 'node' && argv.some((word) => word.endsWith(`/${builtFile(part)}`));
    }
    return program === 'wireguard-go' && argv.includes(`mw${part.link}`);
  });
}

export function killAll(processes: readonly Process[], signal: NodeJS.Signals = 'SIGKILL'): void {
  for (const { pid } of processes) {
    try {
      process.kill(pid, signal);
    } catch {
      // already gone
    }
  }
}
