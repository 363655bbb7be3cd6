import { type Static, Type } from 'typebox';
import { packRecords } from '../clientpack/pack-records.ts';

/**
 * Everything that members share. Only what is declared here can enter the replicated store: a local row, password
 * or interface name has no place to go to, so a sync can never overwrite node-local state.
 */
const Id = Type.Integer({ minimum: 1, maximum: 10 });
/** The letters of an address or name and no others: clientpacks name hosts, and are used as root elsewhere. */
const Host = Type.String({ maxLength: 253, pattern: '^[0-9A-Za-z:][0-9A-Za-z.:-]*$' });

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

/** Which version of a shared item this is: a later one wins, of two at the same time that of the higher id. */
export const Version = Type.Object({ at: Type.Integer(), by: Id });
export type Version = Static<typeof Version>;

/**
 * One member's latest word on one shared item of the firewall; each member writes its own, so that two who write at
 * the same time do not erase each other's. `basis` is the version that the writer had in front of it. A null value
 * takes the item back.
 */
const Item = <T extends Type.TSchema>(value: T) =>
  Type.Object({
    name: Type.String({ minLength: 1, maxLength: 64 }),
    at: Type.Integer(),
    by: Id,
    basis: Type.Union([Version, Type.Null()]),
    value: Type.Union([value, Type.Null()]),
  });

const Text = (maxLength: number) => Type.String({ maxLength });

export const SharedSet = Type.Object({
  type: Type.Union([
    Type.Literal('net'),
    Type.Literal('port'),
    Type.Literal('list'),
    Type.Literal('service'),
  ]),
  description: Text(255),
  entries: Type.Array(Type.Object({ entry: Text(253), comment: Text(255) }), { maxItems: 65536 }),
});
export type SharedSet = Static<typeof SharedSet>;

export const SharedVariable = Type.Object({ value: Text(1024), description: Text(255) });
export type SharedVariable = Static<typeof SharedVariable>;

/** Rules as they were written: what is different on each controller, its variables say. */
export const SharedGroup = Type.Object({
  description: Text(255),
  rules: Type.Array(
    Type.Object({
      id: Type.String({ pattern: '^[0-9a-f]{8,32}$' }),
      text: Text(2048),
      comment: Text(255),
      disabled: Type.Boolean(),
    }),
    { maxItems: 20000 },
  ),
});
export type SharedGroup = Static<typeof SharedGroup>;

export const sharedSchema = {
  members: MemberRecord,
  joins: JoinRecord,
  firewallSets: Item(SharedSet),
  firewallVariables: Item(SharedVariable),
  firewallGroups: Item(SharedGroup),
  ...packRecords,
} as const;
export type SharedSchema = { [K in keyof typeof sharedSchema]: Static<(typeof sharedSchema)[K]> };
export type SharedKind = keyof SharedSchema;
