import type { ObservedRoute } from '../desired/observed.ts';
import type { MemberLine } from '../mesh/member-line.ts';
import type { MemberRequests } from '../mesh/member-requests.ts';
import type { Ipv4 } from '../net/ipv4.ts';
import type { Addressing } from '../topology/addressing.ts';
import type { ControllerId } from '../topology/controller-id.ts';
import type { HeldClient } from './held-client.ts';

/** Details of clients elsewhere are asked for again when they are older than this. */
const DETAILS_MS = 1000;
/** A member that does not answer in this time leaves its clients without details. */
const ASK_MS = 1000;

/** One client of the mesh: who holds it, as routes say, and what its holder knows of it. */
export interface AttachedClient {
  readonly address: Ipv4;
  readonly holder: ControllerId;
  /** Null when the holder could not be asked. */
  readonly details: HeldClient | null;
}

interface DirectoryParts {
  readonly line: MemberLine;
  readonly requests: MemberRequests;
  addressing(): Addressing | null;
  /** What BIRD has now. */
  routes(): readonly ObservedRoute[];
  /** Clients that are attached to this controller. */
  own(): readonly HeldClient[];
  isClient(address: Ipv4): boolean;
}

/**
 * Who is where. The holder follows from the host route that the data plane moves, so it is right wherever packets
 * are; only what a route has no room for is asked of the holder.
 */
export class ClientDirectory {
  readonly #parts: DirectoryParts;
  /** `at` is of the clock that nobody sets. */
  readonly #details = new Map<ControllerId, { at: number; clients: readonly HeldClient[] }>();
  readonly #asking = new Map<ControllerId, Promise<void>>();

  constructor(parts: DirectoryParts) {
    this.#parts = parts;
    parts.requests.on('clients', () => ({ clients: [...parts.own()] }));
  }

  /** Cheap: nothing is asked. */
  holders(): Map<Ipv4, ControllerId> {
    const { line, addressing, routes, own, isClient } = this.#parts;
    const self = line.self();
    const holders = holdersIn(routes(), addressing()?.controllers ?? [], self, isClient);
    if (self !== null)
      for (const { address } of own()) if (!holders.has(address as Ipv4)) holders.set(address as Ipv4, self);
    return holders;
  }

  /** All attached clients with what their holders say of them now. */
  async all(): Promise<AttachedClient[]> {
    const holders = this.holders();
    await this.#refresh(new Set(holders.values()));
    return this.#described(holders);
  }

  async find(address: Ipv4): Promise<AttachedClient | null> {
    const holder = this.holders().get(address);
    if (holder === undefined) return null;
    await this.#refresh(new Set([holder]));
    return this.#described(new Map([[address, holder]]))[0]!;
  }

  #described(holders: ReadonlyMap<Ipv4, ControllerId>): AttachedClient[] {
    const self = this.#parts.line.self();
    const known = new Map<ControllerId, Map<string, HeldClient>>();
    for (const id of new Set(holders.values())) {
      const clients = id === self ? this.#parts.own() : (this.#details.get(id)?.clients ?? []);
      known.set(id, new Map(clients.map((client) => [client.address, client])));
    }
    return [...holders].map(([address, holder]) => ({
      address,
      holder,
      details: known.get(holder)?.get(address) ?? null,
    }));
  }

  async #refresh(holders: ReadonlySet<ControllerId>): Promise<void> {
    const self = this.#parts.line.self();
    const now = performance.now();
    const stale = [...holders].filter(
      (id) => id !== self && now - (this.#details.get(id)?.at ?? Number.NEGATIVE_INFINITY) > DETAILS_MS,
    );
    await Promise.all(stale.map((id) => this.#ask(id)));
  }

  /** Callers at the same time share one question. */
  #ask(id: ControllerId): Promise<void> {
    const asking =
      this.#asking.get(id) ??
      this.#parts.line
        .ask('clients', id, {}, ASK_MS)
        .then(
          ({ clients }) => void this.#details.set(id, { at: performance.now(), clients }),
          () => void this.#details.delete(id),
        )
        .finally(() => this.#asking.delete(id));
    this.#asking.set(id, asking);
    return asking;
  }
}

/**
 * The holder of each client's best host route: the last controller on its path, because an HA client adds an ASN of
 * its own behind it, and ourselves when no controller is on it.
 */
export function holdersIn(
  routes: readonly ObservedRoute[],
  controllers: readonly { readonly id: ControllerId; readonly asn: number }[],
  self: ControllerId | null,
  isClient: (address: Ipv4) => boolean,
): Map<Ipv4, ControllerId> {
  const idOf = new Map(controllers.map(({ id, asn }) => [asn, id]));
  const holders = new Map<Ipv4, ControllerId>();
  for (const { cidr, path, best } of routes) {
    if (!best || !cidr.endsWith('/32')) continue;
    const address = cidr.slice(0, -3) as Ipv4;
    if (!isClient(address)) continue;
    const holder = path.flatMap((asn) => idOf.get(asn) ?? []).at(-1) ?? self;
    if (holder !== null) holders.set(address, holder);
  }
  return holders;
}
