/** Where things stand on the map. Pure, so that a topology always looks the same. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Placed extends Point {
  readonly id: number;
  /** Outward from the middle, as a unit vector: where a controller's networks hang. */
  readonly out: Point;
}

const CENTRE: Point = { x: 0, y: 0 };

/**
 * Controllers on an ellipse, in the order of their ids, clockwise from the top; two stand side by side. Wider than
 * high, because screens and names are.
 */
export function placeControllers(ids: readonly number[]): Placed[] {
  const sorted = [...ids].sort((a, b) => a - b);
  const count = sorted.length;
  if (count === 1) return [{ id: sorted[0]!, ...CENTRE, out: { x: 0, y: 1 } }];
  const start = count === 2 ? Math.PI : -Math.PI / 2;
  const radius = { x: 200 + count * 26, y: 110 + count * 22 };
  return sorted.map((id, index) => {
    const angle = start + (index / count) * 2 * Math.PI;
    const out = { x: round(Math.cos(angle)), y: round(Math.sin(angle)) };
    return { id, x: Math.round(out.x * radius.x), y: Math.round(out.y * radius.y), out };
  });
}

/** Where a controller's networks are drawn: outside of it, never between controllers. */
export function placeNetworks({ x, y, out }: Placed): Point {
  return { x: Math.round(x + out.x * 205), y: Math.round(y + out.y * 105) };
}

/** A point on the way from one to the other. */
export function between(from: Point, to: Point, share: number): Point {
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

function round(value: number): number {
  return Math.abs(value) < 1e-9 ? 0 : value;
}
