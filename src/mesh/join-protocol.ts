import { type Static, Type } from 'typebox';

/** What a fresh controller sends to redeem a code. `sealed` holds a JoinApplicant. */
export const RedeemRequest = Type.Object({
  name: Type.String({ pattern: '^[0-9a-f]{16}$' }),
  ephemeral: Type.String({ maxLength: 200 }),
  sealed: Type.String({ maxLength: 4000 }),
});
export type RedeemRequest = Static<typeof RedeemRequest>;

export const JoinApplicant = Type.Object({
  instance: Type.String({ maxLength: 64 }),
  /** Where members shall reach it; null lets the issuer use the address that the request came from. */
  address: Type.Union([Type.String({ minLength: 1, maxLength: 253 }), Type.Null()]),
  version: Type.String({ maxLength: 32 }),
  /** Unix milliseconds. */
  clock: Type.Integer(),
});
export type JoinApplicant = Static<typeof JoinApplicant>;

/** The answer: `sealed` holds a JoinGrant under a key that needs both the code's secret and both ephemeral keys. */
export const RedeemResponse = Type.Object({ ephemeral: Type.String(), sealed: Type.String() });

export const JoinGrant = Type.Object({
  id: Type.Integer({ minimum: 1, maximum: 10 }),
  /** The issuer's own id: its row is the address at which it answered. */
  issuer: Type.Integer({ minimum: 1, maximum: 10 }),
  /** The same material as a keyset fetch brings. */
  topology: Type.Unknown(),
  rows: Type.Array(Type.Object({ id: Type.Integer(), address: Type.String(), mtu: Type.Integer() })),
  /** Base64 of the shared records. */
  records: Type.String(),
  clock: Type.Integer(),
});
export type JoinGrant = Static<typeof JoinGrant>;

/** Clocks further apart than this make certificates and logs lie. */
export const MAX_CLOCK_DIFFERENCE_MS = 5 * 60_000;
