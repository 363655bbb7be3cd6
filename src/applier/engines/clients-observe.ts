import type { ObservedClient, ObservedRoute } from '../../desired/observed.ts';
import type { DesiredState } from '../../desired/state.ts';
import { sessionName } from '../../render/bird-clients.ts';
import { ATTACHED_TABLE, CLIENT_INTERFACE, OPENVPN_INTERFACE } from '../../render/engine-paths.ts';
import type { Bird } from './bird.ts';
import type { IpShow } from './ip-show.ts';
import type { Openvpn } from './openvpn.ts';
import type { WireguardPeer } from './wireguard-status.ts';

interface Attached {
  readonly dst: string;
  readonly dev?: string;
  readonly metric?: number;
}

/** Byte counters at the last look, per kind and address: what grew was heard from. */
const heard = new Map<string, { bytes: number; at: number | null }>();

/** Who is attached here, by which kind of pack, read from the engines. */
export async function observeClients(
  { clients }: DesiredState,
  openvpn: Openvpn,
  bird: Bird,
  ip: IpShow,
  peers: readonly WireguardPeer[],
  routes: readonly ObservedRoute[],
): Promise<ObservedClient[]> {
  const [sessions, protocols, attached] = await Promise.all([
    openvpn.sessions(),
    bird.query('show protocols "ha_*"').catch(() => []),
    attachedRoutes(ip),
  ]);
  const overOpenvpn = sessions.map(
    ({ address, endpoint, since, rxBytes, txBytes }): ObservedClient => ({
      address,
      kind: 'openvpn',
      endpoint,
      since,
      rxBytes,
      txBytes,
      lastPacketAt: lastPacket(`openvpn ${address}`, rxBytes),
      rttMs: null,
      epoch: attached.get(address)?.epoch ?? null,
    }),
  );
  const established = establishedSince(protocols);
  const heldSince = attachedSince(routes);
  const tunnels = new Map(
    peers.filter(({ device }) => device === CLIENT_INTERFACE).map((peer) => [peer.key, peer]),
  );
  const overWireguard = (clients?.list ?? []).flatMap(({ address, wireguardKey }): ObservedClient[] => {
    const haSince = established.get(sessionName(address));
    const route = attached.get(address);
    const tunnel = tunnels.get(wireguardKey);
    if (!tunnel || (haSince === undefined && (!route || route.dev === OPENVPN_INTERFACE))) return [];
    const { endpoint, rxBytes, txBytes, handshakeAt } = tunnel;
    const figures = { address, endpoint, rxBytes, txBytes, rttMs: null };
    const lastPacketAt = lastPacket(`wireguard ${address}`, rxBytes) ?? handshakeAt;
    return haSince !== undefined
      ? [{ ...figures, kind: 'ha', since: haSince, lastPacketAt, epoch: null }]
      : [
          {
            ...figures,
            kind: 'wireguard',
            since: heldSince.get(address) ?? handshakeAt,
            lastPacketAt,
            epoch: route?.epoch ?? null,
          },
        ];
  });
  return [...overOpenvpn, ...overWireguard];
}

async function attachedRoutes(ip: IpShow): Promise<Map<string, { epoch: number; dev: string }>> {
  const routes = await ip.ask<Attached>(`route show table ${ATTACHED_TABLE}`);
  return new Map(routes.map(({ dst, dev, metric }) => [dst, { epoch: metric ?? 0, dev: dev ?? '' }]));
}

/** `NAME BGP --- up 2026-01-01 00:00:00.000 Established`, of each HA client that is there. */
export function establishedSince(lines: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const line of lines) {
    const match = /^(ha_\S+)\s+BGP\s+\S+\s+up\s+(\S+ \S+)\s+Established/.exec(line);
    if (match) found.set(match[1]!, Date.parse(`${match[2]!.replace(' ', 'T')}Z`));
  }
  return found;
}

/**
 * Since when BIRD has the host routes of clients that are attached here. A WireGuard client shakes hands anew every
 * two minutes, so that its handshake does not tell when it came.
 */
export function attachedSince(routes: readonly ObservedRoute[]): Map<string, number> {
  return new Map(
    routes
      .filter(({ cidr, via, since }) => via === null && since !== null && cidr.endsWith('/32'))
      .map(({ cidr, since }) => [cidr.slice(0, -3), Date.parse(since!)]),
  );
}

function lastPacket(who: string, bytes: number): number | null {
  const before = heard.get(who);
  const at = before && bytes !== before.bytes ? Date.now() : (before?.at ?? null);
  heard.set(who, { bytes, at });
  return at;
}
