import { type Static, Type } from 'typebox';

/**
 * The firewall's part of the border document. Rules cross as lists of words that were checked against the allow-list
 * of `src/firewall/rule.ts`; the applier checks them again and never sees a line of text.
 */
const strict = { additionalProperties: false } as const;
const Word = Type.String({ minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' });

/** The five tables of the v2 API, in the order in which a packet meets them. */
export const FIREWALL_TABLES = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'] as const;

export const DesiredRule = Type.Object(
  {
    /** Stable id of the stored rule: counters are reported under it. */
    id: Type.String({ pattern: '^[0-9a-f]{8,32}$' }),
    /** One of `FIREWALL_TABLES`, or the name of a subtable. */
    table: Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_-]{0,27}$' }),
    /** The rule without `-A CHAIN`, variables resolved: `-s`, `10.0.0.0/8`, `-j`, `DROP`. */
    words: Type.Array(Word, { minItems: 1, maxItems: 128 }),
  },
  strict,
);
export type DesiredRule = Static<typeof DesiredRule>;

export const DesiredSet = Type.Object(
  {
    name: Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_-]{0,30}$' }),
    type: Type.Union([
      Type.Literal('net'),
      Type.Literal('port'),
      Type.Literal('list'),
      Type.Literal('service'),
    ]),
    /** In ipset's own words, names already resolved: `10.0.0.0/8`, `8000-8010`, `OTHER_SET`, `10.0.0.1,tcp:443`. */
    entries: Type.Array(Word, { maxItems: 65536 }),
  },
  strict,
);
export type DesiredSet = Static<typeof DesiredSet>;

export const DesiredFirewall = Type.Object(
  {
    /** The underlay is closed but for tunnels from configured peers; management only over the overlay. */
    sealed: Type.Boolean(),
    /** Overlay clients may reach the management port. */
    clientsMayManage: Type.Boolean(),
    subtables: Type.Array(Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_-]{0,27}$' }), { maxItems: 256 }),
    sets: Type.Array(DesiredSet, { maxItems: 1024 }),
    rules: Type.Array(DesiredRule, { maxItems: 20000 }),
  },
  strict,
);
export type DesiredFirewall = Static<typeof DesiredFirewall>;
