import { enginePaths } from '../../render/engine-paths.ts';
import { BirdClient } from './bird-client.ts';

export interface SessionChange {
  readonly event: 'bfd' | 'bgp';
  readonly peer: number;
  /** `Up` or `Down` of BFD, BIRD's own word of BGP. */
  readonly state: string;
}

/**
 * Listens to BIRD's own log on a second connection. A link failure is told within milliseconds of its detection,
 * without polling. BIRD's BFD thread does not echo, but the route to the far end, which comes and goes with it, does.
 */
export class BirdWatch {
  readonly #onSession: (change: SessionChange) => void;
  #client: BirdClient | null = null;
  #stopped = false;

  constructor(onSession: (change: SessionChange) => void) {
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
    const change = sessionChange(line);
    if (change) this.#onSession(change);
  }
}

export function sessionChange(line: string): SessionChange | null {
  const bgp = /\bpeer(\d+): State changed to (\w+)/.exec(line);
  if (bgp) return { event: 'bgp', peer: Number(bgp[1]), state: bgp[2]! };
  const bfd = /\bfar_end(\d+)\.ipv4 > (added|removed)/.exec(line);
  if (bfd) return { event: 'bfd', peer: Number(bfd[1]), state: bfd[2] === 'added' ? 'Up' : 'Down' };
  return null;
}
