import { type Static, Type } from 'typebox';
import { ClientMaterial } from '../keyset/keyset.ts';

/**
 * What members share about clientpacks. A pack is spread over several records, each with one writer or one
 * meaning, so that two operators who change different things of one pack at the same time both get their way.
 */
const Id = Type.Integer({ minimum: 1, maximum: 10 });
const Address = Type.String({ pattern: '^\\d{1,3}(\\.\\d{1,3}){3}$' });
const Prefix = Type.String({ pattern: '^\\d{1,3}(\\.\\d{1,3}){3}/\\d{1,2}$' });

/** Networks that one client may announce. */
export const MAX_GRANTS = 16;
const MAX_GENERATION = 1_000_000;

export const packRecords = {
  /** The controller that alone may hand the pack out. Written by the home before it, or by a takeover. */
  packHomes: Type.Object({ address: Address, home: Id }),
  /** Home of every pack without a record of its own. One entry, `keeper`; without it the keeper is controller 1. */
  packKeeper: Type.Object({ keeper: Id }),
  /** Written by the pack's home alone. */
  packCheckouts: Type.Object({
    address: Address,
    checkedOut: Type.Boolean(),
    by: Id,
    /** Unix milliseconds. */
    at: Type.Integer(),
  }),
  packStates: Type.Object({ address: Address, enabled: Type.Boolean() }),
  packCompressions: Type.Object({
    address: Address,
    compression: Type.Union([Type.Literal('on'), Type.Literal('off')]),
  }),
  /** One record a tag, under `<address> <key>`. */
  packTags: Type.Object({ address: Address, key: Type.String(), value: Type.String() }),
  packGrants: Type.Object({ address: Address, networks: Type.Array(Prefix, { maxItems: MAX_GRANTS }) }),
  /**
   * Credentials that did not come with the keyset, under `<address> <generation>`: those of clients that were added
   * later, and those that were made anew. The highest generation counts.
   */
  packCredentials: Type.Object({
    generation: Type.Integer({ minimum: 0, maximum: MAX_GENERATION }),
    material: ClientMaterial,
  }),
  /** Client addresses that an operator added within the licence. */
  packAdditions: Type.Object({ address: Address, at: Type.Integer() }),
  /** How much of the clients a controller takes, under its id. */
  loads: Type.Object({
    id: Id,
    /** Share of new clients compared with the other controllers; 0 is a last resort. */
    weight: Type.Integer({ minimum: 0, maximum: 100 }),
    drained: Type.Boolean(),
  }),
} as const;

export type LoadRecord = Static<(typeof packRecords)['loads']>;
