import { expect, it } from 'vitest';
import type { MeshEvent, MeshSummary } from '../../../src/observe/mesh-status.ts';
import { addEvents, addEventsOf, addSamples, seedSamples } from './recent.ts';

const status = (state: string, rtt_ms: number | null) =>
  ({ links: [{ peer: 2, state, probe: { rtt_ms } }] }) as MeshSummary;
const event = (seq: number) => ({ seq }) as MeshEvent;

it('keeps the last round trips, with gaps while a link is down or nobody looks at it', () => {
  const samples = addSamples(addSamples({}, status('up', 4)), status('down', 4));
  expect(samples).toEqual({ 2: [4, null] });
  expect(addSamples(samples, status('unknown', 4))).toEqual({ 2: [4, null, null] });
  const many = Array.from({ length: 80 }).reduce<ReturnType<typeof addSamples>>(
    (all, _, index) => addSamples(all, status('up', index)),
    {},
  );
  expect(many[2]).toHaveLength(60);
  expect(many[2]!.at(-1)).toBe(79);
});

it('puts what is remembered first', () => {
  expect(seedSamples({ 2: [5] }, 2, [1, null])).toEqual({ 2: [1, null, 5] });
});

it('keeps each event once, newest first', () => {
  expect(addEvents([event(3), event(1)], [event(2), event(3)]).map(({ seq }) => seq)).toEqual([3, 2, 1]);
});

it('keeps the events of a quiet peer beside a noisy one', () => {
  const of = (seq: number, peer: number) => ({ seq, peer }) as MeshEvent;
  const noise = Array.from({ length: 300 }, (_, index) => of(index + 10, 3));
  expect(addEventsOf(2, [of(1, 2)], [...noise, of(5, 2)]).map(({ seq }) => seq)).toEqual([5, 1]);
});
