import { randomBytes } from 'node:crypto';
import { instanceNumber } from '../controller/gather-intent.ts';
import { ageOf } from '../observe/age.ts';
import { factsOf, routeOf } from '../observe/routes.ts';
import { every } from '../periodic.ts';
import { VERSION } from '../version.ts';
import { askHello, type Hello, type HelloFacts, type HelloRequest } from './hello.ts';
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
  readonly #run = randomBytes(8).toString('hex');
  /** By id: the process that had answered us before another one came with the same id. */
  readonly #rivals = new Map<number, string>();
  #timer: NodeJS.Timeout | null = null;

  constructor(mesh: Mesh, events: LinkEvents) {
    this.#mesh = mesh;
    this.#events = events;
  }

  start(): void {
    this.#timer = every(TICK_MS, 'asking peers', () => this.#askPeers());
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
      if (!address || ageOf(watch.helloAt, now) < every) continue;
      watch.helloAt = now;
      const secret = Buffer.from(keyset.masterSecret, 'base64');
      void askHello(secret, { from: self, run: this.#run }, address).then((hello) => {
        watch.hello = hello;
        if (this.#isOneOfTwo(row.id, hello)) this.#reportTheirs(row.id, row.address);
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
      if (isTheirs) this.#reportTheirs(row.id, row.address);
      else if (isOurs && watch.reportClash(Date.now())) {
        this.#events.clash(this.#mesh.parts.peering.effective().self ?? row.id, row.address);
      }
    }
  }

  #reportTheirs(id: number, address: string): void {
    if (!this.#mesh.watchOf(id).reportClash(Date.now())) return;
    this.#events.clash(id, address);
    this.#mesh.apply().catch(() => undefined);
  }

  /**
   * A second machine may never hold the tunnel long enough to show up in a route, but it asks us about its link. A
   * process that answers at the configured address before and after somebody else asked under its id is one of two.
   */
  #noteCaller({ from, run }: Pick<HelloRequest, 'from' | 'run'>): void {
    const watch = this.#mesh.knownWatch(from);
    const hello = watch?.hello;
    if (!watch || hello?.kind !== 'answer' || hello.id !== from || hello.run === run) return;
    this.#rivals.set(from, hello.run);
    watch.helloAt = 0;
  }

  #isOneOfTwo(id: number, hello: Hello): boolean {
    const before = this.#rivals.get(id);
    this.#rivals.delete(id);
    return before !== undefined && hello.kind === 'answer' && hello.id === id && hello.run === before;
  }

  /** What we tell a member that asks about its link to us. */
  helloFacts({ from, run }: Pick<HelloRequest, 'from' | 'run'>): HelloFacts {
    this.#noteCaller({ from, run });
    const { self, rows } = this.#mesh.parts.peering.effective();
    const link = this.#mesh.observed?.links.find((entry) => entry.peer === from);
    const watch = this.#mesh.knownWatch(from);
    const known = watch?.hello?.kind === 'answer' && watch.hello.id === from ? watch.hello.instance : null;
    return {
      id: self,
      instance: instanceNumber(this.#mesh.parts.instance),
      run: this.#run,
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
