import { type Static, Type } from 'typebox';
import { packRecords } from '../clientpack/pack-records.ts';

/**
 * Everything that members share. Only what is declared here can enter the replicated store: a local row, password
 * or interface name has no place to go to, so a sync can never overwrite node-local state.
 */
const Id = Type.Integer({ minimum: 1, maximum: 10 });
const Host = Type.String({ minLength: 1, maxLength: 253 });

/** What a controller says about itself. Written by that controller alone, under its own id. */
export const MemberRecord = Type.Object({
  id: Id,
  instance: Type.Integer(),
  name: Type.String({ maxLength: 255 }),
  /** Where other controllers reach it on the underlay. */
  address: Type.Union([Host, Type.Null()]),
  /** Where clients reach it; the address that clientpacks name. */
  clientAddress: Type.Union([Host, Type.Null()]),
  /** Networks that it announces; WireGuard packs name them. Absent in records of older versions. */
  networks: Type.Optional(Type.Array(Type.String({ maxLength: 18 }), { maxItems: 5000 })),
});
export type MemberRecord = Static<typeof MemberRecord>;

/** A controller joined: every member gives it a row, once. Written by the issuer of the join code. */
export const JoinRecord = Type.Object({
  uid: Type.String({ minLength: 8, maxLength: 64 }),
  id: Id,
  address: Host,
  mtu: Type.Integer({ minimum: 500, maximum: 4800 }),
  at: Type.Integer(),
});
export type JoinRecord = Static<typeof JoinRecord>;

export const sharedSchema = { members: MemberRecord, joins: JoinRecord, ...packRecords } as const;
export type SharedSchema = { [K in keyof typeof sharedSchema]: Static<(typeof sharedSchema)[K]> };
export type SharedKind = keyof SharedSchema;
