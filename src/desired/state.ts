import { type Static, Type } from 'typebox';
import { KeyText } from '../keyset/key-text.ts';
import { DesiredClients } from './clients.ts';
import { DesiredFirewall } from './firewall.ts';

/**
 * The document that crosses the border between the unprivileged controller and the privileged applier. It holds
 * data only: no configuration text, path, command or interface name of the controller's choosing, so that a
 * controller that was broken into cannot make a root process read or write anything but the mesh.
 */
const Address = Type.String({ pattern: '^\\d{1,3}(\\.\\d{1,3}){3}$' });
const Prefix = Type.String({ pattern: '^\\d{1,3}(\\.\\d{1,3}){3}/\\d{1,2}$' });
const Id = Type.Integer({ minimum: 1, maximum: 10 });
const Asn = Type.Integer({ minimum: 1, maximum: 4294967294 });
const strict = { additionalProperties: false } as const;

export const BfdTiming = Type.Object(
  {
    intervalMs: Type.Integer({ minimum: 10, maximum: 1000 }),
    multiplier: Type.Integer({ minimum: 3, maximum: 20 }),
  },
  strict,
);
export type BfdTiming = Static<typeof BfdTiming>;

/** One tunnel to one peer. `endpoint` is null while the peer's name has never been resolved: the link only listens. */
export const DesiredLink = Type.Object(
  {
    peer: Id,
    port: Type.Integer({ minimum: 1195, maximum: 1203 }),
    privateKey: KeyText,
    peerPublicKey: KeyText,
    presharedKey: KeyText,
    /** Underlay address of the peer, IPv4 or IPv6, already resolved. */
    endpoint: Type.Union([Type.String({ pattern: '^[0-9a-fA-F.:]{2,45}$' }), Type.Null()]),
    localAddress: Address,
    peerAddress: Address,
    peerOverlayAddress: Address,
    peerAsn: Asn,
    /** Interface MTU in bytes, never below 1280. */
    mtu: Type.Integer({ minimum: 1280, maximum: 9000 }),
    /** Largest packet that the operator wants on the link; below the interface MTU it becomes route MTU and MSS clamp. */
    routeMtu: Type.Integer({ minimum: 420, maximum: 9000 }),
    bfd: BfdTiming,
    /** The link loses packets or has just healed: traffic prefers a way round it while there is one. */
    avoid: Type.Boolean(),
    /** A second machine claims the peer's id: only packets from `endpoint` are let in, so the two cannot make the link flap. */
    pinned: Type.Boolean(),
  },
  strict,
);
export type DesiredLink = Static<typeof DesiredLink>;

export const DesiredRoute = Type.Object(
  {
    cidr: Prefix,
    /** Next hop outside the mesh; null for a network that is only announced. */
    gateway: Type.Union([Address, Type.Null()]),
    /** An existing interface of the machine, e.g. `eth1`. */
    interface: Type.Union([Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$' }), Type.Null()]),
    metric: Type.Integer({ minimum: 0, maximum: 4294967295 }),
    advertise: Type.Boolean(),
  },
  strict,
);
export type DesiredRoute = Static<typeof DesiredRoute>;

export const DesiredState = Type.Object(
  {
    format: Type.Literal(1),
    self: Type.Object(
      {
        id: Id,
        asn: Asn,
        overlayAddress: Address,
        vip: Address,
        overlaySubnet: Prefix,
        /** The topology's IPv6 prefix; absent when the overlay has no IPv6. */
        ula: Type.Optional(Type.String({ pattern: '^fd[0-9a-f:]{2,20}/64$' })),
        /** 40 hex digits; peers compare it with their own. */
        topologyChecksum: Type.String({ pattern: '^[0-9a-f]{40}$' }),
        /** Meshwright's version as major, minor, patch. */
        version: Type.Tuple([Type.Integer(), Type.Integer(), Type.Integer()]),
        /** First 32 bits of the instance's uuid: tells two machines that claim one id apart. */
        instance: Type.Integer({ minimum: 0, maximum: 4294967295 }),
      },
      strict,
    ),
    /** Every controller of the topology, for import filters: a controller's address must come from its own ASN. */
    controllers: Type.Array(Type.Object({ id: Id, asn: Asn, overlayAddress: Address }, strict), {
      maxItems: 10,
    }),
    links: Type.Array(DesiredLink, { maxItems: 9 }),
    routes: Type.Array(DesiredRoute, { maxItems: 5000 }),
    /** Absent in documents of versions before there were clients. */
    clients: Type.Optional(DesiredClients),
    ntpHosts: Type.Array(Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9.:-]{0,252}$' }), { maxItems: 16 }),
    /** Absent in documents of versions that had no firewall. */
    firewall: Type.Optional(DesiredFirewall),
  },
  strict,
);
export type DesiredState = Static<typeof DesiredState>;
