import { expect, it } from 'vitest';
import type { FarLink, Link, Member, MeshSummary } from '../../../../src/observe/mesh-status.ts';
import { pictureOf } from './picture.ts';

const member = (id: number, known = true, kind: Member['path']['kind'] = 'direct') =>
  ({ id, known, path: { kind } }) as Member;
const link = (peer: number, state: Link['state'], kind: Link['path']['kind'], controllers: number[]) =>
  ({ peer, state, path: { kind, controllers } }) as Link;

const status = {
  controller: { id: 1 },
  members: [member(1), member(2), member(3), member(4, false)],
  links: [link(2, 'down', 'via', [3, 2]), link(3, 'up', 'direct', [3])],
  far_links: [] as FarLink[],
} as MeshSummary;

it('shows the controllers that are set, and who this is', () => {
  const { spots } = pictureOf(status);
  expect(spots.map(({ id, isSelf }) => [id, isSelf])).toEqual([
    [1, true],
    [2, false],
    [3, false],
  ]);
});

it('says of old paths neither that they reach a controller nor that they do not', () => {
  const reaches = (links: Link[]) => pictureOf({ ...status, links }).spots.map(({ reach }) => reach);
  expect(reaches(status.links)).toEqual(['self', 'reachable', 'reachable']);
  expect(reaches([link(2, 'unknown', 'via', [3, 2]), link(3, 'unknown', 'direct', [3])])).toEqual([
    'self',
    'unknown',
    'unknown',
  ]);
  const cut = { ...status, members: [member(1), member(2, true, 'none')] };
  expect(pictureOf(cut).spots[1]?.reach).toBe('unreachable');
});

it('marks the way that re-routed traffic takes', () => {
  const { lines } = pictureOf(status);
  expect(lines.map(({ from, to, state, carriesDetour }) => [from, to, state, carriesDetour])).toEqual([
    [1, 2, 'down', false],
    [1, 3, 'up', true],
    [2, 3, 'unknown', true],
  ]);
});

it('shows a link between others as they tell it', () => {
  const told = { between: [2, 3], state: 'down' } as FarLink;
  const { lines } = pictureOf({ ...status, far_links: [told] });
  expect(lines.at(-1)).toMatchObject({ from: 2, to: 3, state: 'down', link: null, far: told });
});
