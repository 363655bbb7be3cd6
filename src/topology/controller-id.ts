/** A controller's number in its topology, 1 to 10. The link-port table has room for exactly ten. */
declare const brand: unique symbol;
export type ControllerId = number & { readonly [brand]: true };

export const MAX_CONTROLLERS = 10;

export const ALL_CONTROLLER_IDS: readonly ControllerId[] = Array.from(
  { length: MAX_CONTROLLERS },
  (_, index) => (index + 1) as ControllerId,
);

export function isControllerId(value: unknown): value is ControllerId {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_CONTROLLERS;
}

/** Accepts what the wire brings: a number or a numeric string. `null` for everything else. */
export function parseControllerId(value: unknown): ControllerId | null {
  const number = typeof value === 'string' && /^\d{1,2}$/.test(value) ? Number(value) : value;
  return isControllerId(number) ? number : null;
}
