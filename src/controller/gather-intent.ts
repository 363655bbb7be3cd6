import { createHash } from 'node:crypto';
import type { ClientIntent } from '../clientpack/client-intent.ts';
import type { ClientServer } from '../clientpack/client-server.ts';
import type { Intent, RouteIntent } from '../compile/intent.ts';
import type { DesiredFirewall } from '../desired/firewall.ts';
import type { Keyset } from '../keyset/keyset.ts';
import { controllerKeys, linkPsk } from '../keyset/wireguard-keys.ts';
import type { PeerWatch } from '../mesh/peer-watch.ts';
import type { BfdProfile } from '../observe/bfd-choice.ts';
import type { Peering } from '../peering/peering-service.ts';
import type { Addressing } from '../topology/addressing.ts';
import { ulaOf } from '../topology/overlay-ipv6.ts';
import { VERSION_TUPLE } from '../version.ts';

interface Sources {
  readonly peering: Peering;
  readonly addressing: Addressing | null;
  readonly keyset: Keyset | null;
  readonly checksum: string;
  readonly instance: string;
  readonly routes: readonly RouteIntent[];
  readonly ntpHosts: readonly string[];
  readonly firewall: DesiredFirewall;
  readonly clientServer: ClientServer;
  readonly clients: readonly ClientIntent[];
  /** This controller is being emptied of clients and transit. */
  readonly drained: boolean;
  readonly clientBfdMs: number;
  readonly profile: BfdProfile;
  readonly addressOf: (host: string) => string | null;
  readonly watchOf: (peer: number) => PeerWatch;
  readonly now: number;
}

/** Everything the compiler needs, or null while this controller is not yet part of a topology. */
export function gatherIntent(sources: Sources): Intent | null {
  const { peering, addressing, keyset, now } = sources;
  const self = peering.self;
  if (self === null || !addressing || !keyset) return null;
  if (!addressing.controllers.some(({ id }) => id === self)) return null;
  const { privateKey } = controllerKeys(keyset, self);
  return {
    self,
    instance: instanceNumber(sources.instance),
    version: VERSION_TUPLE,
    topologyChecksum: sources.checksum,
    overlaySubnet: addressing.subnet,
    ...(addressing.ipv6 && { ula: ulaOf(keyset.uuid) }),
    vip: addressing.vip,
    controllers: addressing.controllers,
    peers: peering.rows.map((row) => {
      const watch = sources.watchOf(row.id);
      return {
        id: row.id,
        endpoint: sources.addressOf(row.address),
        overlayMtu: row.mtu,
        bfd: watch.timing(sources.profile),
        avoid: watch.avoid,
        pinned: watch.clashes(now),
        privateKey,
        peerPublicKey: controllerKeys(keyset, row.id).publicKey,
        presharedKey: linkPsk(keyset, self, row.id),
      };
    }),
    routes: sources.routes,
    ntpHosts: sources.ntpHosts,
    firewall: sources.firewall,
    clients: sources.clientServer.intent(keyset, self, sources.clients, sources.drained, sources.clientBfdMs),
  };
}

/** 32 bits that tell instances apart; carried in a BGP community, which has room for no more. */
export function instanceNumber(uuid: string): number {
  return createHash('sha256').update(uuid).digest().readUInt32BE(0);
}
