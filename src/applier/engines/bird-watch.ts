import { enginePaths } from '../../render/engine-paths.ts';
import { BirdClient } from './bird-client.ts';

/**
 * Listens to BIRD's own log on a second connection. A link failure is told within milliseconds of its detection,
 * without polling. BIRD's BFD thread does not echo, but a failing BFD session stops its BGP session, which does.
 */
export class BirdWatch {
  readonly #onSession: (peer: number, state: string) => void;
  #client: BirdClient | null = null;
  #stopped = false;

  constructor(onSession: (peer: number, state: string) => void) {
    this.#onSession = onSession;
  }

  start(): void {
    this.#stopped = false;
    void this.#connect();
  }

  stop(): void {
    this.#stopped = true;
    this.#client?.close();
  }

  async #connect(): Promise<void> {
    if (this.#stopped) return;
    const retry = () => setTimeout(() => void this.#connect(), 200);
    const client = new BirdClient(enginePaths.birdSocket, { onLog: (line) => this.#read(line) });
    this.#client = client;
    let open = false;
    try {
      await client.open(() => {
        if (open) retry();
      });
      open = true;
      await client.command('echo all');
    } catch {
      if (!open) retry();
      client.close();
    }
  }

  #read(line: string): void {
    const match = /peer(\d+): State changed to (\w+)/.exec(line);
    if (match) this.#onSession(Number(match[1]), match[2]!);
  }
}
