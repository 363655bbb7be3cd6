import { describe, expect, it } from 'vitest';
import { loops, parseTable, type Route, routesTo } from './tables.ts';

const to = (dst: string, via: number | null): Route => ({ dst, via });

describe('parseTable', () => {
  it('takes the links, and leaves throw and unreachable out', () => {
    const text = JSON.stringify([
      { type: 'throw', dst: '10.195.0.0/24' },
      { dst: '10.201.2.0/24', gateway: '169.254.195.5', dev: 'mw2', metric: 32 },
      { dst: '10.201.2.0/24', dev: 'mw3', metric: 64 },
      { dst: '10.99.0.0/24', dev: 'site0' },
      { type: 'unreachable', dst: '100.127.255.192/26' },
    ]);
    expect(parseTable(text)).toEqual([to('10.99.0.0/24', null), to('10.201.2.0/24', 2)]);
    expect(parseTable('')).toEqual([]);
  });
});

describe('loops', () => {
  it('finds none where every way ends', () => {
    expect(
      loops(
        new Map([
          [1, [to('x', 3)]],
          [3, [to('x', 2)]],
          [2, []],
        ]),
      ),
    ).toEqual([]);
  });

  it('names a circle once, from wherever it is entered', () => {
    const tables = new Map([
      [1, [to('x', 3)]],
      [2, [to('x', 1)]],
      [3, [to('x', 1)]],
    ]);
    expect(loops(tables)).toEqual(['x: 1 > 3 > 1']);
  });
});

it('finds routes to somebody who is dead', () => {
  const tables = new Map([
    [1, [to('10.201.3.0/24', 2), to('10.201.2.0/24', 3), to('10.201.2.0/25', 2)]],
    [3, [to('10.201.3.0/24', 2)]],
  ]);
  expect(routesTo(3, ['10.201.3.0/24'], tables)).toEqual([
    'controller 1: 10.201.3.0/24 via 2',
    'controller 1: 10.201.2.0/24 via 3',
  ]);
});
