import { instanceNumber } from '../controller/gather-intent.ts';
import { factsOf, routeOf } from '../observe/routes.ts';
import { VERSION } from '../version.ts';
import { askHello, type HelloFacts } from './hello.ts';
import type { LinkEvents } from './link-events.ts';
import type { Mesh } from './mesh.ts';

const TICK_MS = 1000;
/** A link that is down is asked about this often, one that is up only to notice a second machine. */
const HELLO_DOWN_MS = 5000;
const HELLO_UP_MS = 60_000;
/** Within this time a received packet counts as "we hear them". */
const HEARING_MS = 15_000;

/** Asks peers about our links beside the tunnels, answers theirs, and notices two machines under one id. */
export class Greetings {
  readonly #mesh: Mesh;
  readonly #events: LinkEvents;
  #timer: NodeJS.Timeout | null = null;

  constructor(mesh: Mesh, events: LinkEvents) {
    this.#mesh = mesh;
    this.#events = events;
  }

  start(): void {
    this.#timer = setInterval(() => this.#askPeers(), TICK_MS);
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
  }

  #askPeers(): void {
    const keyset = this.#mesh.parts.keyset();
    const self = this.#mesh.parts.peering.effective().self;
    if (!keyset || self === null) return;
    const now = Date.now();
    for (const row of this.#mesh.parts.peering.effective().rows) {
      if (!this.#mesh.isLinked(row.id)) continue;
      const watch = this.#mesh.watchOf(row.id);
      const every = this.#mesh.linkUp(row.id) ? HELLO_UP_MS : HELLO_DOWN_MS;
      const address = this.#mesh.resolver.addressOf(row.address);
      if (!address || now - watch.helloAt < every) continue;
      watch.helloAt = now;
      void askHello(Buffer.from(keyset.masterSecret, 'base64'), self, address).then((hello) => {
        watch.hello = hello;
        this.checkIdentities();
        this.#mesh.announce();
      });
    }
  }

  /** The instance that routes say holds an id now. */
  instanceOf(id: number): number | null {
    return factsOf(routeOf(this.#mesh.observed, this.#mesh.parts.addressing()?.controllers ?? [], id))
      .instance;
  }

  /** Two machines under one id: the one at the configured address is let in, the other is shut out by a pin. */
  checkIdentities(): void {
    const own = instanceNumber(this.#mesh.parts.instance);
    for (const row of this.#mesh.parts.peering.effective().rows) {
      const watch = this.#mesh.knownWatch(row.id);
      const hello = watch?.hello;
      if (!watch || hello?.kind !== 'answer') continue;
      const routed = this.instanceOf(row.id);
      const isTheirs = hello.id === row.id && routed !== null && routed !== hello.instance;
      const isOurs = hello.takesYouFor !== null && hello.takesYouFor !== own;
      if (!isTheirs && !isOurs) continue;
      if (watch.reportClash(Date.now())) {
        this.#events.clash(
          isOurs ? (this.#mesh.parts.peering.effective().self ?? row.id) : row.id,
          row.address,
        );
        if (isTheirs) this.#mesh.apply().catch(() => undefined);
      }
    }
  }

  /** What we tell a member that asks about its link to us. */
  helloFacts(from: number): HelloFacts {
    const { self, rows } = this.#mesh.parts.peering.effective();
    const link = this.#mesh.observed?.links.find((entry) => entry.peer === from);
    const watch = this.#mesh.knownWatch(from);
    const known = watch?.hello?.kind === 'answer' && watch.hello.id === from ? watch.hello.instance : null;
    return {
      id: self,
      instance: instanceNumber(this.#mesh.parts.instance),
      version: VERSION,
      checksum: this.#mesh.parts.checksum(),
      name: this.#mesh.parts.names.controllerName(),
      hasRow: rows.some((row) => row.id === from),
      hearsUs: link?.lastPacketAt != null && Date.now() - link.lastPacketAt < HEARING_MS,
      takesYouFor: known ?? this.instanceOf(from),
      clock: Date.now(),
    };
  }
}
