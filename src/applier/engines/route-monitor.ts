import { createInterface } from 'node:readline';
import { MESH_TABLE } from '../../render/engine-paths.ts';
import { StandingProgram } from '../standing-program.ts';

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
  readonly #program: StandingProgram;

  constructor(onHost: (address: string) => void, onNetworks: () => void) {
    this.#onHost = onHost;
    this.#onNetworks = onNetworks;
    this.#program = new StandingProgram(['ip', '-4', 'monitor', 'route'], (output) =>
      createInterface({ input: output }).on('line', (line) => this.#read(line)),
    );
  }

  start(): void {
    this.#program.start();
  }

  #read(line: string): void {
    const match = ROUTE.exec(line);
    if (!match) return;
    if (match[1]!.includes('/')) this.#awaitBurst();
    else this.#onHost(match[1]!);
  }

  #awaitBurst(): void {
    this.#burst ??= setTimeout(() => {
      this.#burst = null;
      this.#onNetworks();
    }, BURST_MS);
  }

  stop(): void {
    this.#program.stop();
    if (this.#burst) clearTimeout(this.#burst);
  }
}
