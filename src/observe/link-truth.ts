import type { ObservedLink } from '../desired/observed.ts';
import type { DesiredLink } from '../desired/state.ts';
import type { Hello } from '../mesh/hello.ts';
import type { Link, LinkState, PathNow, Reason } from './mesh-status.ts';
import { identityClash, notObserved, reasonsForDegraded, reasonsForDown } from './why.ts';

/** What an observation can say; `unknown` is the lack of one. */
export type JudgedState = Exclude<LinkState, 'unknown'>;

/**
 * The verdict on a link, from the data plane alone: BGP says established for up to its hold time after a tunnel
 * went dark, so without BFD it proves nothing; and without BGP no route uses the link.
 */
export function judge(link: ObservedLink, peer: number): JudgedState {
  if (link.bfd.state !== 'Up' || link.bgp.state !== 'Established') return 'down';
  return reasonsForDegraded(link, peer).length > 0 ? 'degraded' : 'up';
}

interface Input {
  readonly self: number;
  readonly address: string;
  readonly resolved: boolean;
  readonly desired: DesiredLink;
  readonly observed: ObservedLink;
  readonly hello: Hello | null;
  readonly clash: boolean;
  readonly since: number | null;
  readonly path: PathNow;
  /** The observation is too old to be shown as the present. */
  readonly isStale: boolean;
  readonly now: number;
}

export function describeLink(input: Input): Link {
  const { observed, desired } = input;
  const peer = desired.peer;
  const state = input.isStale ? 'unknown' : judge(observed, peer);
  const facts = { ...input, peer, port: desired.port, link: observed };
  const reasons = reasonsFor(state, facts);
  if (input.clash) reasons.unshift(identityClash(peer));
  return {
    peer,
    state,
    // Since when nobody knows is not since when it was as it was last seen.
    since: input.isStale ? null : input.since,
    reasons,
    address: input.address,
    endpoint: observed.endpoint,
    port: desired.port,
    bfd: {
      state: observed.bfd.state,
      since: observed.bfd.since,
      interval_ms: observed.bfd.intervalMs,
      timeout_ms: observed.bfd.timeoutMs,
    },
    bgp: {
      state: observed.bgp.state,
      since: observed.bgp.since,
      last_error: observed.bgp.lastError,
      routes_imported: observed.bgp.routesImported,
      routes_exported: observed.bgp.routesExported,
    },
    probe: {
      rtt_ms: observed.probe.rttMs,
      jitter_ms: observed.probe.jitterMs,
      loss: observed.probe.loss,
      window: observed.probe.window,
    },
    mtu: {
      size: observed.mtuProbe.size,
      passes: observed.mtuProbe.ok,
      checked_at: observed.mtuProbe.at,
    },
    last_packet_at: observed.lastPacketAt,
    handshake_at: observed.handshakeAt,
    rx_bytes: observed.rxBytes,
    tx_bytes: observed.txBytes,
    path: input.path,
  };
}

function reasonsFor(state: LinkState, facts: Parameters<typeof reasonsForDown>[0]): Reason[] {
  switch (state) {
    case 'unknown':
      return [notObserved()];
    case 'down':
      return reasonsForDown(facts);
    case 'up':
    case 'degraded':
      return reasonsForDegraded(facts.link, facts.peer);
  }
}
