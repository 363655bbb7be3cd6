import type { Ipv4 } from '../net/ipv4.ts';
import type { Database } from '../store/database.ts';
import type { ControllerId } from '../topology/controller-id.ts';

export type ClientEventKind = 'attached' | 'moved' | 'detached';

export interface ClientEvent {
  readonly at: number;
  readonly kind: ClientEventKind;
  /** Who holds the client after it; who held it, for `detached`. */
  readonly holder: number;
  readonly from: number | null;
}

/** When a client last came and went, as this controller saw it. Unix milliseconds. */
export interface LastSeen {
  readonly connectedAt: number | null;
  readonly disconnectedAt: number | null;
}

const KEEP_PER_CLIENT = 200;
const NEVER: LastSeen = { connectedAt: null, disconnectedAt: null };

/** What each client did, in the eyes of this controller: it hears of moves from the routes, as everybody does. */
export class ClientHistory {
  readonly #db: Database;
  readonly #now: () => number;
  readonly #holders = new Map<Ipv4, ControllerId>();
  readonly #last = new Map<string, LastSeen>();

  constructor(db: Database, now: () => number = Date.now) {
    this.#db = db;
    this.#now = now;
    const rows = db.all<ClientEvent & { address: Ipv4 }>(
      'SELECT address, at, kind, holder, origin AS "from" FROM client_event ORDER BY at, seq',
    );
    for (const { address, ...event } of rows) this.#remember(address, event);
  }

  /** Compares who holds whom with the last time; returns whether anything changed. */
  note(holders: ReadonlyMap<Ipv4, ControllerId>): boolean {
    const at = this.#now();
    const events: [Ipv4, ClientEvent][] = [];
    for (const [address, holder] of holders) {
      const before = this.#holders.get(address) ?? null;
      if (before === holder) continue;
      events.push([address, { at, kind: before === null ? 'attached' : 'moved', holder, from: before }]);
    }
    for (const [address, holder] of this.#holders)
      if (!holders.has(address)) events.push([address, { at, kind: 'detached', holder, from: null }]);
    if (events.length === 0) return false;
    this.#db.transaction(() => {
      for (const [address, event] of events) this.#store(address, event);
    });
    return true;
  }

  /** Newest first. */
  of(address: Ipv4, limit = KEEP_PER_CLIENT): ClientEvent[] {
    return this.#db.all<ClientEvent>(
      'SELECT at, kind, holder, origin AS "from" FROM client_event WHERE address = ? ORDER BY seq DESC LIMIT ?',
      address,
      limit,
    );
  }

  last(address: Ipv4): LastSeen {
    return this.#last.get(address) ?? NEVER;
  }

  #store(address: Ipv4, event: ClientEvent): void {
    const { lastId } = this.#db.run(
      'INSERT INTO client_event (address, at, kind, holder, origin) VALUES (?, ?, ?, ?, ?)',
      address,
      event.at,
      event.kind,
      event.holder,
      event.from,
    );
    if (lastId % 50 === 0) {
      this.#db.run(
        `DELETE FROM client_event WHERE address = ? AND seq NOT IN
           (SELECT seq FROM client_event WHERE address = ? ORDER BY seq DESC LIMIT ?)`,
        address,
        address,
        KEEP_PER_CLIENT,
      );
    }
    this.#remember(address, event);
  }

  #remember(address: Ipv4, { at, kind, holder }: ClientEvent): void {
    const last = this.last(address);
    if (kind === 'detached') {
      this.#holders.delete(address);
      this.#last.set(address, { ...last, disconnectedAt: at });
    } else {
      this.#holders.set(address, holder as ControllerId);
      this.#last.set(address, { ...last, connectedAt: at });
    }
  }
}
