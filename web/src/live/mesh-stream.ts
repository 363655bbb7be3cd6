import type { LinkHistoryColumns } from '../../../src/observe/history.ts';
import type { MeshEvent, MeshSummary } from '../../../src/observe/mesh-status.ts';
import { request } from '../api/request.ts';
import { controllerNow, hearTime } from '../kit/now.ts';
import { EventStreamParser, type StreamBlock } from './event-stream.ts';
import { type Freshness, freshness, SILENCE_MS } from './freshness.ts';
import { addEvents, addSamples, type RttSamples, seedSamples } from './recent.ts';

/** Everything that arrives by itself, as one immutable value. */
export interface Live {
  readonly status: MeshSummary | null;
  readonly events: readonly MeshEvent[];
  /** Only then does an empty list mean that nothing happened. */
  readonly eventsKnown: boolean;
  readonly samples: RttSamples;
  readonly freshness: Freshness;
  /** When the controller was last heard, by its own clock. */
  readonly heardAt: number | null;
}

const RETRY_MS = 1000;
const WATCH_MS = 250;
/** The status may change five times a second; the curve does not need to. */
const SAMPLE_MS = 2000;
/** Nothing is told while nothing changes on the data plane; what changes elsewhere is asked for after this time. */
const ASK_MS = 4000;
/** Slots of the history that a sparkline begins with. */
const SEED = 36;

/** Follows the controller's event stream and never gives up: a restart or a loss ends by itself. */
export class MeshStream {
  #live: Live = {
    status: null,
    events: [],
    eventsKnown: false,
    samples: {},
    freshness: 'connecting',
    heardAt: null,
  };
  #broken = false;
  #heardAt: number | null = null;
  /** Since when the present attempt has brought nothing; null while there is none. */
  #quietSince: number | null = null;
  #backAt: number | null = null;
  #sampledAt = 0;
  #toldAt = 0;
  readonly #seeded = new Set<number>();
  #abort: AbortController | null = null;
  readonly #listeners = new Set<() => void>();

  readonly snapshot = (): Live => this.#live;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Returns the function that stops following. */
  start(): () => void {
    const stopped = new AbortController();
    const watch = setInterval(() => this.#judge(), WATCH_MS);
    void this.#follow(stopped.signal);
    return () => {
      stopped.abort();
      this.#abort?.abort();
      clearInterval(watch);
    };
  }

  async #follow(stopped: AbortSignal): Promise<void> {
    while (!stopped.aborted) {
      await this.#readOnce().catch(() => undefined);
      this.#quietSince = null;
      if (stopped.aborted) return;
      this.#broken = true;
      this.#judge();
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  async #readOnce(): Promise<void> {
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.#quietSince = Date.now();
    const response = await fetch('/api/mesh/stream', {
      credentials: 'same-origin',
      cache: 'no-store',
      signal,
    });
    // Another request tells the shell that the session is over.
    if (response.status === 401) void request('GET', '/mesh/summary').catch(() => undefined);
    if (!response.ok || !response.body) return;
    this.#broken = false;
    void this.#loadEvents();
    const parser = new EventStreamParser();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      this.#heardAt = Date.now();
      this.#quietSince = this.#heardAt;
      for (const block of parser.push(part.value)) this.#take(block);
      this.#set({ heardAt: controllerNow() });
      this.#judge();
    }
  }

  async #loadEvents(): Promise<void> {
    const events = await request<MeshEvent[]>('GET', '/mesh/events?limit=100').catch(() => null);
    if (events) this.#set({ events: addEvents(this.#live.events, events), eventsKnown: true });
  }

  #take({ event, data }: StreamBlock): void {
    if (event === 'status') {
      const status = JSON.parse(data) as MeshSummary;
      hearTime(status.at);
      this.#takeStatus(status);
    } else if (event === 'event') {
      this.#set({ events: addEvents(this.#live.events, [JSON.parse(data) as MeshEvent]) });
    } else if (event === 'restarting') {
      this.#backAt = Date.now() + (JSON.parse(data) as { seconds: number }).seconds * 1000;
    }
  }

  #takeStatus(status: MeshSummary): void {
    const now = Date.now();
    this.#toldAt = now;
    const due = now - this.#sampledAt >= SAMPLE_MS;
    if (due) this.#sampledAt = now;
    this.#set({ status, ...(due && { samples: addSamples(this.#live.samples, status) }) });
    for (const { peer } of status.links) if (!this.#seeded.has(peer)) void this.#seed(peer);
  }

  async #ask(now: number): Promise<void> {
    this.#toldAt = now;
    if (!this.#live.eventsKnown) void this.#loadEvents();
    const before = this.#live.status;
    const status = await request<MeshSummary>('GET', '/mesh/summary').catch(() => null);
    // What came meanwhile is newer than an answer that was long on its way.
    const { status: told } = this.#live;
    if (status && (told === before || told === null || status.at >= told.at)) this.#takeStatus(status);
  }

  async #seed(peer: number): Promise<void> {
    this.#seeded.add(peer);
    const history = await request<LinkHistoryColumns>('GET', `/mesh/history?peer=${peer}&range=1h`).catch(
      () => null,
    );
    if (history) this.#set({ samples: seedSamples(this.#live.samples, peer, history.rtt_ms.slice(-SEED)) });
  }

  #judge(): void {
    const now = Date.now();
    const hearing = { heardAt: this.#heardAt, broken: this.#broken, backAt: this.#backAt };
    const judged = freshness(hearing, now);
    if (judged === 'live' && this.#backAt !== null && now > this.#backAt) this.#backAt = null;
    // A connection that went silent is dead, also one that never spoke; only a new one can.
    if (this.#quietSince !== null && now - this.#quietSince > SILENCE_MS) this.#abort?.abort();
    if (judged === 'live' && now - this.#toldAt > ASK_MS) void this.#ask(now);
    if (judged !== this.#live.freshness) this.#set({ freshness: judged });
  }

  #set(change: Partial<Live>): void {
    this.#live = { ...this.#live, ...change };
    for (const listener of this.#listeners) listener();
  }
}
