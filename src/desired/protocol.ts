import { type Static, Type } from 'typebox';
import {
  DesiredFirewall,
  FirewallCheck,
  FirewallProblem,
  FirewallTest,
  LoggedPacket,
  RuleCounter,
} from './firewall.ts';
import { Observed } from './observed.ts';
import { DesiredState } from './state.ts';

/**
 * Controller and applier speak JSON lines over a Unix socket (mode 0600, owned by the service user). Each request
 * carries a `seq` that its answer repeats. After `watch` the applier also sends events on the same connection.
 */
export const ApplierRequest = Type.Union([
  Type.Object(
    { seq: Type.Integer(), op: Type.Literal('apply'), state: DesiredState },
    { additionalProperties: false },
  ),
  Type.Object({ seq: Type.Integer(), op: Type.Literal('observe') }, { additionalProperties: false }),
  Type.Object({ seq: Type.Integer(), op: Type.Literal('watch') }, { additionalProperties: false }),
  /** Tries a firewall out without touching the one in force; `flows` asks also which live flows it would cut. */
  Type.Object(
    {
      seq: Type.Integer(),
      op: Type.Literal('firewall_check'),
      state: DesiredState,
      firewall: DesiredFirewall,
      tests: Type.Array(FirewallTest, { maxItems: 100 }),
      flows: Type.Boolean(),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    { seq: Type.Integer(), op: Type.Literal('firewall_counters') },
    { additionalProperties: false },
  ),
  /** Forgets every tracked connection of this machine. */
  Type.Object({ seq: Type.Integer(), op: Type.Literal('reset_tracking') }, { additionalProperties: false }),
  /** Cuts the sessions that clients have here; they may come again at once. */
  Type.Object(
    {
      seq: Type.Integer(),
      op: Type.Literal('disconnect'),
      addresses: Type.Array(Type.String({ pattern: '^[0-9.]{7,15}$' }), { maxItems: 8192 }),
    },
    { additionalProperties: false },
  ),
]);
export type ApplierRequest = Static<typeof ApplierRequest>;

export const ApplierAnswer = Type.Union([
  Type.Object({
    seq: Type.Integer(),
    ok: Type.Literal(true),
    observed: Type.Optional(Observed),
    check: Type.Optional(FirewallCheck),
    counters: Type.Optional(Type.Array(RuleCounter)),
  }),
  Type.Object({
    seq: Type.Integer(),
    ok: Type.Literal(false),
    error: Type.String(),
    /** When it is the firewall that was refused: every reason. */
    problems: Type.Optional(Type.Array(FirewallProblem)),
  }),
]);
export type ApplierAnswer = Static<typeof ApplierAnswer>;

/**
 * Pushed as it happens: a BFD or BGP session changed, an engine was restarted, a client came, went or moved, a packet met a LOG rule
 * (`firewall_log`), nobody confirmed a firewall in time and the former one is back (`firewall_reverted`).
 */
export const ApplierEvent = Type.Object({
  event: Type.Union([
    Type.Literal('bfd'),
    Type.Literal('bgp'),
    Type.Literal('engine'),
    Type.Literal('firewall_log'),
    Type.Literal('firewall_reverted'),
    Type.Literal('client'),
  ]),
  at: Type.Integer(),
  peer: Type.Union([Type.Integer(), Type.Null()]),
  /** The new state in the engine's own word, e.g. `Up`, `Down`, `Established`; of a client its address. */
  state: Type.String(),
  /** With `firewall_log`. */
  packet: Type.Optional(LoggedPacket),
});
export type ApplierEvent = Static<typeof ApplierEvent>;
