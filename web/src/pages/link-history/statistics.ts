/** Figures over a column with gaps; null when nothing was measured. */
type Column = readonly (number | null)[];

export function average(column: Column): number | null {
  const known = column.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

export function largest(column: Column): number | null {
  return column.reduce<number | null>(
    (most, value) => (value === null ? most : Math.max(value, most ?? value)),
    null,
  );
}

export interface Span {
  readonly state: 'up' | 'partly' | 'down' | 'unknown';
  readonly from: number;
  /** How many slots. */
  readonly slots: number;
}

/** Neighbouring slots of one state as one span. A slot that was up for a part of its time is partly up. */
export function spansOf(at: readonly number[], up: Column): Span[] {
  const spans: Span[] = [];
  at.forEach((from, index) => {
    const state = stateOf(up[index] ?? null);
    const open = spans.at(-1);
    if (open?.state === state) spans[spans.length - 1] = { ...open, slots: open.slots + 1 };
    else spans.push({ state, from, slots: 1 });
  });
  return spans;
}

function stateOf(share: number | null): Span['state'] {
  if (share === null) return 'unknown';
  if (share >= 0.999) return 'up';
  return share <= 0.001 ? 'down' : 'partly';
}
