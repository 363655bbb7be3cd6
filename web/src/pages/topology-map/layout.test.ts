import { describe, expect, it } from 'vitest';
import { between, boundsOf, placeControllers, placeNetworks } from './layout.ts';

const distance = (a: { x: number; y: number }, b: { x: number; y: number }) =>
  Math.hypot(a.x - b.x, a.y - b.y);

describe('the map', () => {
  it('puts one in the middle and two side by side', () => {
    expect(placeControllers([4])).toMatchObject([{ id: 4, x: 0, y: 0 }]);
    const [left, right] = placeControllers([2, 1]);
    expect(left).toMatchObject({ id: 1, y: 0 });
    expect(right).toMatchObject({ id: 2, y: 0 });
    expect(left!.x).toBeLessThan(right!.x);
  });

  it('begins with the lowest id on top', () => {
    const placed = placeControllers([3, 1, 2]);
    expect(placed.map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(placed[0]).toMatchObject({ x: 0 });
    expect(Math.min(...placed.map(({ y }) => y))).toBe(placed[0]!.y);
  });

  const sizes = [3, 4, 5, 6, 7, 8, 9, 10];
  it.each(sizes.flatMap((count) => [[count, 'wide'] as const, [count, 'high'] as const]))(
    'keeps %d controllers apart, %s',
    (count, format) => {
      const placed = placeControllers(
        Array.from({ length: count }, (_, index) => index + 1),
        format,
      );
      for (const a of placed) {
        for (const b of placed) {
          if (a.id === b.id) continue;
          // A box is 168 wide and 56 high.
          expect(Math.abs(a.x - b.x) > 176 || Math.abs(a.y - b.y) > 64).toBe(true);
        }
      }
    },
  );

  it('hangs networks outside', () => {
    for (const controller of placeControllers([1, 2, 3, 4, 5])) {
      const centre = { x: 0, y: 0 };
      expect(distance(placeNetworks(controller), centre)).toBeGreaterThan(distance(controller, centre));
    }
  });

  it('is higher than wide in a hand', () => {
    const placed = placeControllers([1, 2, 3, 4, 5, 6], 'high');
    const span = (key: 'x' | 'y') =>
      Math.max(...placed.map((spot) => spot[key])) - Math.min(...placed.map((spot) => spot[key]));
    expect(span('y')).toBeGreaterThan(span('x'));
    expect(placeNetworks(placed[0]!, 'high').x).toBe(placed[0]!.x);
  });

  it('knows its bounds', () => {
    expect(boundsOf([{ x: 0, y: 0 }], [])).toEqual({ x: -86, y: -38, width: 172, height: 76 });
    expect(boundsOf([{ x: 0, y: 0 }], [{ x: 200, y: 0 }])).toMatchObject({ x: -86, width: 361 });
  });

  it('finds points on the way', () => {
    expect(between({ x: 0, y: 0 }, { x: 10, y: 20 }, 0.5)).toEqual({ x: 5, y: 10 });
  });
});
