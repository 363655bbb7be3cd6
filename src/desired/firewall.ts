import { type Static, Type } from 'typebox';

/**
 * The firewall's part of the border document. Rules cross as lists of words that were checked against the allow-list
 * of `src/firewall/grammar`; the applier checks them again and never sees a line of text.
 */
const strict = { additionalProperties: false } as const;
/** Plain ASCII; a space only in what is quoted on the line, such as a comment. */
const Word = Type.String({ minLength: 1, maxLength: 255, pattern: '^[\\x20-\\x7e]+$' });
const SubtableName = Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_-]{0,27}$' });
const SetName = Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_-]{0,30}$' });

/** The five tables of the v2 API, in the order in which a packet meets them. */
export const FIREWALL_TABLES = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'] as const;

export const DesiredRule = Type.Object(
  {
    /** Stable id of the stored rule: counters are reported under it. */
    id: Type.String({ pattern: '^[0-9a-f]{8,32}$' }),
    /** One of `FIREWALL_TABLES`, or the name of a subtable. */
    table: SubtableName,
    /** The rule without `-A CHAIN`, variables resolved: `-s`, `10.0.0.0/8`, `-j`, `DROP`. */
    words: Type.Array(Word, { minItems: 1, maxItems: 128 }),
  },
  strict,
);
export type DesiredRule = Static<typeof DesiredRule>;

export const DesiredSet = Type.Object(
  {
    name: SetName,
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
    /** Overlay clients may reach console and API. */
    clientsMayManage: Type.Boolean(),
    /** IPsec endpoints exist: IKE and ESP are let in. */
    ipsec: Type.Optional(Type.Boolean()),
    /**
     * Unix milliseconds by which this firewall must have been confirmed; null once it is. A document with null makes its
     * firewall the one to fall back to; when the time passes first, the applier puts that one back by itself, also
     * after a restart and with nobody to ask.
     */
    confirmBy: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
    subtables: Type.Array(SubtableName, { maxItems: 256 }),
    sets: Type.Array(DesiredSet, { maxItems: 1024 }),
    rules: Type.Array(DesiredRule, { maxItems: 20000 }),
  },
  strict,
);
export type DesiredFirewall = Static<typeof DesiredFirewall>;

/** A packet that the firewall must let through or drop: checked with real packets before a change is made. */
export const FirewallTest = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 80 }),
    /** Source and destination, one family. */
    from: Type.String({ pattern: '^[0-9a-fA-F.:]{2,45}$' }),
    to: Type.String({ pattern: '^[0-9a-fA-F.:]{2,45}$' }),
    protocol: Type.Union([Type.Literal('tcp'), Type.Literal('udp'), Type.Literal('icmp')]),
    /** Destination port; null for `icmp`. */
    port: Type.Union([Type.Integer({ minimum: 1, maximum: 65535 }), Type.Null()]),
    expect: Type.Union([Type.Literal('pass'), Type.Literal('drop')]),
  },
  strict,
);
export type FirewallTest = Static<typeof FirewallTest>;

/** What the engine says about a firewall that is not in force. */
export const FirewallCheck = Type.Object({
  /** Why the engine would refuse it: with the id of the rule or the name of the set, and the engine's own words. */
  problems: Type.Array(
    Type.Object({
      rule: Type.Union([Type.String(), Type.Null()]),
      set: Type.Union([Type.String(), Type.Null()]),
      message: Type.String(),
    }),
  ),
  /** One entry a test, in their order; `got` is null when the test could not be run, and `detail` says why. */
  tests: Type.Array(
    Type.Object({
      name: Type.String(),
      got: Type.Union([Type.Literal('pass'), Type.Literal('drop'), Type.Null()]),
      detail: Type.String(),
    }),
  ),
  /** Live flows that pass now and would be cut, e.g. `tcp 10.0.0.1:4242 -> 10.0.0.2:443`. */
  cut: Type.Array(Type.String()),
});
export type FirewallCheck = Static<typeof FirewallCheck>;

/** Packets and bytes since the rule was first applied. */
export const RuleCounter = Type.Object({
  id: Type.String(),
  packets: Type.Integer(),
  bytes: Type.Integer(),
});
export type RuleCounter = Static<typeof RuleCounter>;

/** Why a firewall cannot be had: with the id of the rule or the name of the set. */
export const FirewallProblem = Type.Object({
  rule: Type.Union([Type.String(), Type.Null()]),
  set: Type.Union([Type.String(), Type.Null()]),
  message: Type.String(),
});
export type FirewallProblem = Static<typeof FirewallProblem>;

/** A packet that met a LOG rule. */
export const LoggedPacket = Type.Object({
  rule: Type.String(),
  /** `tcp`, `udp`, `icmp`, `icmpv6`, or the protocol's number. */
  protocol: Type.String(),
  from: Type.String(),
  to: Type.String(),
  fromPort: Type.Union([Type.Integer(), Type.Null()]),
  toPort: Type.Union([Type.Integer(), Type.Null()]),
  /** Interfaces by which it came and will leave; null where there is none. */
  in: Type.Union([Type.String(), Type.Null()]),
  out: Type.Union([Type.String(), Type.Null()]),
  bytes: Type.Integer(),
});
export type LoggedPacket = Static<typeof LoggedPacket>;
