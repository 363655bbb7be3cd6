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
/** A high picture has straight sides, or boxes beside each other would overlap. */
const SQUARENESS = 0.28;

/** A picture is wide on a desk and high in a hand. */
export type Format = 'wide' | 'high';

/** Controllers on an ellipse, in the order of their ids, clockwise from the top; two stand side by side. */
export function placeControllers(ids: readonly number[], format: Format = 'wide'): Placed[] {
  const sorted = [...ids].sort((a, b) => a - b);
  const count = sorted.length;
  if (count === 1) return [{ id: sorted[0]!, ...CENTRE, out: { x: 0, y: 1 } }];
  const start = count === 2 && format === 'wide' ? Math.PI : -Math.PI / 2;
  const radius =
    format === 'wide' ? { x: 190 + count * 30, y: 80 + count * 23 } : { x: 122, y: 60 + count * 62 };
  return sorted.map((id, index) => {
    const angle = start + (index / count) * 2 * Math.PI;
    const out = { x: round(Math.cos(angle)), y: round(Math.sin(angle)) };
    const across = format === 'wide' ? out.x : Math.sign(out.x) * Math.abs(out.x) ** SQUARENESS;
    return { id, x: Math.round(across * radius.x), y: Math.round(out.y * radius.y), out };
  });
}

/** Where a controller's networks are drawn: beside it on the outer side, or below it where there is no side. */
export function placeNetworks({ x, y, out }: Placed, format: Format = 'wide'): Point {
  if (format === 'high') return { x, y: y + 66 };
  return { x: Math.round(x + (out.x < -0.01 ? -192 : 192)), y: Math.round(y + out.y * 22) };
}

export interface Bounds extends Point {
  readonly width: number;
  readonly height: number;
}

/** What has to be in view: all boxes with their extent. */
export function boundsOf(controllers: readonly Point[], networks: readonly Point[]): Bounds {
  const boxes = [
    ...controllers.map((at) => ({ at, width: 172, height: 76 })),
    ...networks.map((at) => ({ at, width: 150, height: 88 })),
  ];
  const left = Math.min(...boxes.map(({ at, width }) => at.x - width / 2));
  const right = Math.max(...boxes.map(({ at, width }) => at.x + width / 2));
  const top = Math.min(...boxes.map(({ at, height }) => at.y - height / 2));
  const bottom = Math.max(...boxes.map(({ at, height }) => at.y + height / 2));
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** A point on the way from one to the other. */
export function between(from: Point, to: Point, share: number): Point {
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

function round(value: number): number {
  return Math.abs(value) < 1e-9 ? 0 : value;
}
