import type { MeshEvent, MeshSummary } from '../../../src/observe/mesh-status.ts';
import { rttNow } from './words.ts';

/** Enough for a sparkline; what is older is in the link history. */
const SAMPLES = 60;
const EVENTS = 200;

/** RTT of the last minutes by peer; null where a probe was lost, the link was down or nobody looked at it. */
export type RttSamples = Readonly<Record<number, readonly (number | null)[]>>;

export function addSamples(samples: RttSamples, { links }: MeshSummary): RttSamples {
  return Object.fromEntries(
    links.map(({ peer, state, probe }) => [
      peer,
      [...(samples[peer] ?? []), rttNow(state, probe.rtt_ms)].slice(-SAMPLES),
    ]),
  );
}

/** Puts what the controller remembers before what was seen here. */
export function seedSamples(
  samples: RttSamples,
  peer: number,
  remembered: readonly (number | null)[],
): RttSamples {
  return { ...samples, [peer]: [...remembered, ...(samples[peer] ?? [])].slice(-SAMPLES) };
}

/** Of one peer only. Those of others are left out first: they must not push it out of the list. */
export function addEventsOf(
  peer: number,
  known: readonly MeshEvent[],
  added: readonly MeshEvent[],
): MeshEvent[] {
  const isOfPeer = (event: MeshEvent) => event.peer === peer;
  return addEvents(known.filter(isOfPeer), added.filter(isOfPeer));
}

/** Newest first, each once: after a reconnect the same event may come from the list and from the stream. */
export function addEvents(known: readonly MeshEvent[], added: readonly MeshEvent[]): MeshEvent[] {
  const bySeq = new Map([...known, ...added].map((event) => [event.seq, event]));
  return [...bySeq.values()].sort((a, b) => b.seq - a.seq).slice(0, EVENTS);
}
