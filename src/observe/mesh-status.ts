import { type Static, Type } from 'typebox';

/**
 * The truth about the mesh as `GET /api/mesh` tells it, the console draws it and `meshwright status` prints it.
 * Times are Unix milliseconds. Null means "not known", never "fine".
 */
const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Id = Type.Integer({ minimum: 1, maximum: 10 });
const Millis = Type.Integer({ description: 'Unix milliseconds' });

/** Why something is not as it should be, and what an operator can do about it. */
export const Reason = Type.Object({
  code: Type.String({ description: 'Stable name, e.g. `far_side_has_no_row`' }),
  text: Type.String(),
  remedy: Type.String(),
});
export type Reason = Static<typeof Reason>;

/** `unknown`: nobody has looked for a while, because the applier does not answer. */
export const LinkState = Type.Union([
  Type.Literal('up'),
  Type.Literal('degraded'),
  Type.Literal('down'),
  Type.Literal('unknown'),
]);
export type LinkState = Static<typeof LinkState>;

export const ChecksumMatch = Type.Union([
  Type.Literal('match'),
  Type.Literal('differs'),
  Type.Literal('unknown'),
]);

/** The way traffic to a controller takes now, read from the routing table. */
export const PathNow = Type.Object({
  kind: Type.Union([Type.Literal('direct'), Type.Literal('via'), Type.Literal('none'), Type.Literal('self')]),
  /** The controllers passed on the way, the destination last. */
  controllers: Type.Array(Id),
});
export type PathNow = Static<typeof PathNow>;

export const Link = Type.Object({
  peer: Id,
  /** `up`: BFD and BGP both say so. `degraded`: up, but large packets do not pass or packets are lost. */
  state: LinkState,
  since: Nullable(Millis),
  reasons: Type.Array(Reason),
  /** What the operator typed. */
  address: Type.String(),
  /** Where WireGuard sends packets now, with port. */
  endpoint: Nullable(Type.String()),
  port: Type.Integer(),
  bfd: Type.Object({
    state: Type.String(),
    since: Nullable(Millis),
    interval_ms: Nullable(Type.Number()),
    timeout_ms: Nullable(Type.Number()),
  }),
  bgp: Type.Object({
    state: Type.String(),
    since: Nullable(Type.String()),
    last_error: Nullable(Type.String()),
    routes_imported: Type.Integer(),
    routes_exported: Type.Integer(),
  }),
  probe: Type.Object({
    rtt_ms: Nullable(Type.Number()),
    jitter_ms: Nullable(Type.Number()),
    loss: Nullable(Type.Number({ description: 'Share of lost probes, 0 to 1' })),
    window: Type.Integer(),
  }),
  mtu: Type.Object({
    size: Type.Integer(),
    passes: Nullable(Type.Boolean()),
    checked_at: Nullable(Millis),
  }),
  last_packet_at: Nullable(Millis),
  handshake_at: Nullable(Millis),
  rx_bytes: Type.Integer(),
  tx_bytes: Type.Integer(),
  path: PathNow,
});
export type Link = Static<typeof Link>;

/** A link between two others, as its ends tell it. One that is missing here is not known. */
export const FarLink = Type.Object({
  between: Type.Tuple([Id, Id], { description: 'The smaller id first' }),
  state: LinkState,
  since: Nullable(Millis),
  rtt_ms: Nullable(Type.Number()),
  loss: Nullable(Type.Number()),
  heard_at: Millis,
});
export type FarLink = Static<typeof FarLink>;

export const Member = Type.Object({
  id: Id,
  name: Nullable(Type.String()),
  overlay_ipaddress: Type.String(),
  asn: Type.Integer(),
  /** False while the id has neither a row here nor a record in the topology. */
  known: Type.Boolean(),
  path: PathNow,
  version: Nullable(Type.String()),
  topology_checksum: Nullable(Type.String()),
  checksum: ChecksumMatch,
  /** Networks that this member announces. */
  networks: Type.Array(Type.String()),
  /** Overlay clients that it holds now. */
  clients: Type.Integer(),
  /** It is being emptied: no clients, no transit. */
  drained: Type.Boolean(),
});
export type Member = Static<typeof Member>;

export const MeshRoute = Type.Object({
  cidr: Type.String(),
  origin: Nullable(Id),
  via: Nullable(Id),
  path: Type.Array(Id),
  best: Type.Boolean(),
  since: Nullable(Type.String()),
});
export type MeshRoute = Static<typeof MeshRoute>;

export const MeshStatus = Type.Object({
  at: Millis,
  controller: Type.Object({
    id: Nullable(Id),
    name: Type.String(),
    topology_name: Type.String(),
    overlay_ipaddress: Nullable(Type.String()),
    vip: Nullable(Type.String()),
    overlay_subnet: Nullable(Type.String()),
    asn: Nullable(Type.Integer()),
    private_ipaddress: Nullable(Type.String()),
    version: Type.String(),
    vns3_version: Type.String(),
    topology_checksum: Type.String(),
    licensed: Type.Boolean(),
    licensed_controllers: Type.Integer(),
    licensed_clients: Type.Integer(),
    keyset: Type.Union([Type.Literal('absent'), Type.Literal('in_progress'), Type.Literal('present')]),
    bfd_profile: Type.Union([
      Type.Literal('auto'),
      Type.Literal('fast'),
      Type.Literal('lan'),
      Type.Literal('wan'),
    ]),
    started_at: Millis,
  }),
  applier: Type.Object({
    connected: Type.Boolean({ description: 'It answers; one that hangs does not' }),
    last_error: Nullable(Type.String()),
    cpu_idle: Nullable(Type.Number()),
    engines: Type.Array(
      Type.Object({ name: Type.String(), running: Type.Boolean(), since: Nullable(Millis) }),
    ),
  }),
  links: Type.Array(Link),
  far_links: Type.Array(FarLink, { description: 'Links between other controllers' }),
  members: Type.Array(Member),
  routes: Type.Array(MeshRoute),
});
export type MeshStatus = Static<typeof MeshStatus>;

/** What changes all the time. Routes are left out: a thousand clients are thousands of them, on every way. */
export const MeshSummary = Type.Omit(MeshStatus, ['routes']);
export type MeshSummary = Static<typeof MeshSummary>;

export const MeshEvent = Type.Object({
  seq: Type.Integer(),
  at: Millis,
  kind: Type.Union([
    Type.Literal('link_up'),
    Type.Literal('link_down'),
    Type.Literal('link_degraded'),
    Type.Literal('member_reachable'),
    Type.Literal('member_unreachable'),
    Type.Literal('identity_clash'),
    Type.Literal('controller_started'),
    Type.Literal('fwset_dns_update'),
    Type.Literal('firewall_reverted'),
    Type.Literal('firewall_confirmed'),
    Type.Literal('firewall_sync'),
  ]),
  peer: Nullable(Id),
  text: Type.String(),
});
export type MeshEvent = Static<typeof MeshEvent>;
