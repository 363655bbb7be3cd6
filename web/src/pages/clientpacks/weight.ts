/** The largest share of new packs that a controller may have, beside others. */
export const MAX_WEIGHT = 100;

/** The weight that somebody typed; null when it is none, and then the stored one goes on. */
export function weightOf(typed: number | string): number | null {
  const text = String(typed).trim();
  if (!/^\d+$/.test(text)) return null;
  return Math.min(MAX_WEIGHT, Number(text));
}
