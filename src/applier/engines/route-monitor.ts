import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { MESH_TABLE } from '../../render/engine-paths.ts';

/**
 * Listens to the kernel's own news of routes. A host route of the overlay that changes is a client that came, went or
 * moved, at whichever controller: it is told within milliseconds, without polling.
 */
export class RouteMonitor {
  readonly #onHost: (address: string) => void;
  #child: ChildProcess | null = null;
  #stopped = false;

  constructor(onHost: (address: string) => void) {
    this.#onHost = onHost;
  }

  start(): void {
    if (this.#stopped) return;
    const child = spawn('ip', ['-4', 'monitor', 'route'], { stdio: ['ignore', 'pipe', 'ignore'] });
    this.#child = child;
    createInterface({ input: child.stdout }).on('line', (line) => {
      const match = new RegExp(`^(?:Deleted )?(\\d+\\.\\d+\\.\\d+\\.\\d+) .*\\btable ${MESH_TABLE}\\b`).exec(
        line,
      );
      if (match) this.#onHost(match[1]!);
    });
    child.on('error', () => undefined);
    child.on('close', () => setTimeout(() => this.start(), 1000).unref());
  }

  stop(): void {
    this.#stopped = true;
    this.#child?.kill();
  }
}
