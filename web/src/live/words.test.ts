import { describe, expect, it } from 'vitest';
import type { FarLink, Link, MeshSummary } from '../../../src/observe/mesh-status.ts';
import { checksumWords, lossNow, pathNowWords, pathWords, rttNow, rttWords, summary } from './words.ts';

const link = (peer: number, state: Link['state'], kind: Link['path']['kind'] = 'direct') =>
  ({ peer, state, path: { kind, controllers: [peer] } }) as Link;

const status = (links: Link[], controller: Partial<MeshSummary['controller']> = {}, far: FarLink[] = []) =>
  ({
    controller: { licensed: true, keyset: 'present', id: 1, ...controller },
    links,
    far_links: far,
  }) as MeshSummary;
const far = (a: number, b: number, state: Link['state']) => ({ between: [a, b], state }) as FarLink;

describe('the summary', () => {
  it.each<[string, MeshSummary]>([
    ['This controller is not part of a topology yet.', status([], { licensed: false })],
    ['This controller is not part of a topology yet.', status([], { keyset: 'in_progress' })],
    ['This controller has no id yet.', status([], { id: null })],
    ['This is controller 1. It has no peers.', status([])],
    ['The link is up.', status([link(2, 'up')])],
    [
      'The state of the link to controllers 2 and 3 is not known: the applier does not answer.',
      status([link(2, 'unknown'), link(3, 'unknown')]),
    ],
    [
      'The state of the link to controller 2 is not known: the applier does not answer.',
      status([link(2, 'unknown'), link(3, 'down', 'none')], {}, [far(2, 3, 'down')]),
    ],
    ['All 2 links are up.', status([link(2, 'up'), link(3, 'up')], {}, [far(2, 3, 'up')])],
    [
      'The link between controllers 2 and 3 is down.',
      status([link(2, 'up'), link(3, 'up')], {}, [far(2, 3, 'down')]),
    ],
    ['The link to controller 3 is degraded.', status([link(2, 'up'), link(3, 'degraded')])],
    [
      'The link to controller 3 is down; traffic takes another path.',
      status([link(2, 'degraded'), link(3, 'down', 'via')]),
    ],
    [
      'No path leads to controllers 2, 3 and 4.',
      status([link(2, 'down', 'none'), link(3, 'down', 'none'), link(4, 'down', 'none')]),
    ],
  ])('%s', (text, mesh) => expect(summary(mesh)).toBe(text));
});

it('names paths and checksums', () => {
  expect(pathWords({ kind: 'direct', controllers: [2] })).toBe('direct');
  expect(pathWords({ kind: 'via', controllers: [3, 2] })).toBe('over controller 3');
  expect(pathWords({ kind: 'via', controllers: [3, 4, 2] })).toBe('over controller 3, then 4');
  expect(pathWords({ kind: 'none', controllers: [] })).toBe('no path');
  expect((['match', 'differs', 'unknown'] as const).map(checksumWords)).toEqual([
    'equal',
    'differs',
    'not known',
  ]);
});

it('says no round trip of a link that is down, or at which nobody looks', () => {
  const probe = { rtt_ms: 0.65 } as Link['probe'];
  expect(rttWords({ state: 'up', probe })).toBe('0.65 ms');
  expect(rttWords({ state: 'down', probe })).toBe('–');
  expect(rttWords({ state: 'unknown', probe })).toBe('–');
  expect(rttNow('unknown', 0.1)).toBeNull();
});

it('says the loss of a link unless nobody looks at it', () => {
  expect(lossNow('degraded', 0.2)).toBe(0.2);
  expect(lossNow('down', 1)).toBe(1);
  expect(lossNow('unknown', 0)).toBeNull();
});

it('knows no path while nobody looks at the links', () => {
  const direct = { kind: 'direct' as const, controllers: [2] };
  expect(pathNowWords(direct, [link(2, 'up'), link(3, 'down')])).toBe('direct');
  expect(pathNowWords(direct, [link(2, 'unknown')])).toBe('not known');
  expect(pathNowWords({ kind: 'self', controllers: [] }, [link(2, 'unknown')])).toBe('here');
  expect(pathNowWords({ kind: 'none', controllers: [] }, [])).toBe('no path');
});
