import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { MESH_TABLE } from '../../render/engine-paths.ts';

const ROUTE = new RegExp(`^(?:Deleted )?(\\d+\\.\\d+\\.\\d+\\.\\d+(?:/\\d+)?) .*\\btable ${MESH_TABLE}\\b`);
/** Changes of networks come in bursts, one line a network. */
const BURST_MS = 300;

/**
 * Listens to the kernel's own news of routes. A host route of the overlay that changes is a client that came, went or
 * moved, at whichever controller: it is told within milliseconds, without polling. Networks that change are told once a burst.
 */
export class RouteMonitor {
  readonly #onHost: (address: string) => void;
  readonly #onNetworks: () => void;
  #burst: NodeJS.Timeout | null = null;
  #child: ChildProcess | null = null;
  #stopped = false;

  constructor(onHost: (address: string) => void, onNetworks: () => void) {
    this.#onHost = onHost;
    this.#onNetworks = onNetworks;
  }

  start(): void {
    if (this.#stopped) return;
    const child = spawn('ip', ['-4', 'monitor', 'route'], { stdio: ['ignore', 'pipe', 'ignore'] });
    this.#child = child;
    createInterface({ input: child.stdout }).on('line', (line) => {
      const match = ROUTE.exec(line);
      if (!match) return;
      if (match[1]!.includes('/')) this.#awaitBurst();
      else this.#onHost(match[1]!);
    });
    child.on('error', () => undefined);
    child.on('close', () => setTimeout(() => this.start(), 1000).unref());
  }

  #awaitBurst(): void {
    this.#burst ??= setTimeout(() => {
      this.#burst = null;
      this.#onNetworks();
    }, BURST_MS);
  }

  stop(): void {
    this.#stopped = true;
    if (this.#burst) clearTimeout(this.#burst);
    this.#child?.kill();
  }
}
