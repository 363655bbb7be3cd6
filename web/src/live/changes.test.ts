import { expect, it } from 'vitest';
import type { Link, Member, MeshSummary } from '../../../src/observe/mesh-status.ts';
import { peersOf, stageOf } from './changes.ts';

const status = (id: number | null, links: Partial<Link>[], known: number[]) =>
  ({
    controller: { licensed: true, licensed_controllers: 3, keyset: 'present', id },
    links,
    members: [1, 2, 3].map((member) => ({ id: member, known: known.includes(member) }) as Member),
  }) as MeshSummary;

const link = (address: string, rtt_ms: number) =>
  ({ peer: 2, address, state: 'up', probe: { rtt_ms } }) as Partial<Link>;

it('notices that a controller joined or moved, and nothing that changes all the time', () => {
  const before = peersOf(status(1, [link('192.0.2.2', 4)], [1, 2]));
  expect(peersOf(status(1, [link('192.0.2.2', 9)], [1, 2]))).toBe(before);
  expect(peersOf(status(1, [link('192.0.2.2', 4)], [1, 2, 3]))).not.toBe(before);
  expect(peersOf(status(1, [link('c2.example', 4)], [1, 2]))).not.toBe(before);
  expect(peersOf(status(3, [link('192.0.2.2', 4)], [1, 2]))).not.toBe(before);
});

it('notices the steps of setting up', () => {
  expect(stageOf(status(null, [], []))).not.toBe(stageOf(status(1, [], [])));
  expect(stageOf(status(1, [], [1, 2]))).toBe(stageOf(status(1, [], [])));
});
