import { type Static, Type } from 'typebox';

/** What the applier reads back from the kernel and the engines. Times are Unix milliseconds. */
const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const ObservedLink = Type.Object({
  peer: Type.Integer(),
  /** The tunnel interface exists and is up. */
  present: Type.Boolean(),
  endpoint: Nullable(Type.String()),
  /** When WireGuard last completed a handshake. Up to 180 s old on a healthy link: never a failure signal. */
  handshakeAt: Nullable(Type.Integer()),
  rxBytes: Type.Integer(),
  txBytes: Type.Integer(),
  lastPacketAt: Nullable(Type.Integer()),
  bfd: Type.Object({
    state: Type.Union([
      Type.Literal('Up'),
      Type.Literal('Down'),
      Type.Literal('Init'),
      Type.Literal('AdminDown'),
      Type.Literal('absent'),
    ]),
    since: Nullable(Type.Integer()),
    intervalMs: Nullable(Type.Number()),
    timeoutMs: Nullable(Type.Number()),
  }),
  bgp: Type.Object({
    /** BIRD's word: Established, Active, Connect, Idle, Passive, OpenSent, OpenConfirm, or `absent`. */
    state: Type.String(),
    since: Nullable(Type.String()),
    lastError: Nullable(Type.String()),
    routesImported: Type.Integer(),
    routesExported: Type.Integer(),
  }),
  /** Echo requests answered by the far side's kernel. Loss is 0..1 over the last `window` probes. */
  probe: Type.Object({
    rttMs: Nullable(Type.Number()),
    jitterMs: Nullable(Type.Number()),
    loss: Nullable(Type.Number()),
    window: Type.Integer(),
    /** The same without outages, for everything that asks how good the link is when it is there. */
    lossWhileUp: Nullable(Type.Number()),
    windowWhileUp: Type.Integer(),
    answeredAt: Nullable(Type.Integer()),
  }),
  /** A full-size don't-fragment probe: `ok` is null until the first one ended. */
  mtuProbe: Type.Object({
    size: Type.Integer(),
    ok: Nullable(Type.Boolean()),
    at: Nullable(Type.Integer()),
  }),
});
export type ObservedLink = Static<typeof ObservedLink>;

export const ObservedRoute = Type.Object({
  cidr: Type.String(),
  /** The controller whose link carries the traffic now; null for a route of our own. */
  via: Nullable(Type.Integer()),
  /** ASNs from the nearest to the origin. Empty for a route of our own. */
  path: Type.Array(Type.Integer()),
  best: Type.Boolean(),
  since: Nullable(Type.String()),
  /** Large communities as [global, local1, local2]. */
  communities: Type.Array(Type.Tuple([Type.Integer(), Type.Integer(), Type.Integer()])),
});
export type ObservedRoute = Static<typeof ObservedRoute>;

/** A client that is attached to this controller. */
export const ObservedClient = Type.Object({
  address: Type.String(),
  kind: Type.Union([Type.Literal('openvpn'), Type.Literal('wireguard'), Type.Literal('ha')]),
  /** Underlay address and port, e.g. `198.51.100.7:40123`. */
  endpoint: Nullable(Type.String()),
  since: Nullable(Type.Integer()),
  rxBytes: Type.Integer(),
  txBytes: Type.Integer(),
  lastPacketAt: Nullable(Type.Integer()),
  /** Null while it was not asked yet, where another controller holds it, and when it does not answer. */
  rttMs: Nullable(Type.Number()),
  /** Where this attachment stands in the order of all of this client's; null for an HA client, which has no order. */
  epoch: Nullable(Type.Integer()),
});
export type ObservedClient = Static<typeof ObservedClient>;

export const ObservedEngine = Type.Object({
  name: Type.String(),
  running: Type.Boolean(),
  pid: Nullable(Type.Integer()),
  since: Nullable(Type.Integer()),
});

export const ObservedInterface = Type.Object({
  name: Type.String(),
  up: Type.Boolean(),
  mtu: Type.Integer(),
  addresses: Type.Array(Type.Object({ address: Type.String(), prefixLength: Type.Integer() })),
});

export const Observed = Type.Object({
  at: Type.Integer(),
  /** Digest of the desired state that is in force; null when nothing was ever applied. */
  appliedDigest: Nullable(Type.String()),
  lastError: Nullable(Type.String()),
  engines: Type.Array(ObservedEngine),
  links: Type.Array(ObservedLink),
  routes: Type.Array(ObservedRoute),
  clients: Type.Array(ObservedClient),
  interfaces: Type.Array(ObservedInterface),
  defaultGateway: Nullable(Type.String()),
  /** The address that the machine uses towards its default gateway (or its first global one). */
  primaryAddress: Nullable(Type.String()),
  /** The firewall in force: until when it must be confirmed, and whether nobody did, so that the former one is back. */
  firewall: Type.Optional(Type.Object({ confirmBy: Nullable(Type.Integer()), reverted: Type.Boolean() })),
  /** Share of all cores that was idle over the last seconds, 0..1. */
  cpuIdle: Type.Number(),
});
export type Observed = Static<typeof Observed>;
