import { type Static, Type } from 'typebox';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** A client as the controller that holds it sees it. Times are Unix milliseconds; null is "not known". */
export const HeldClient = Type.Object({
  address: Type.String({ pattern: '^\\d{1,3}(\\.\\d{1,3}){3}$' }),
  kind: Type.Union([Type.Literal('openvpn'), Type.Literal('wireguard'), Type.Literal('ha')]),
  /** Where it comes from on the underlay: address and port. */
  underlay: Nullable(Type.String({ maxLength: 64 })),
  since: Nullable(Type.Integer()),
  lastPacketAt: Nullable(Type.Integer()),
  rxBytes: Type.Integer(),
  txBytes: Type.Integer(),
  rttMs: Nullable(Type.Number()),
});
export type HeldClient = Static<typeof HeldClient>;
