import type { ObservedLink } from '../desired/observed.ts';
import type { Hello } from '../mesh/hello.ts';
import type { Reason } from './mesh-status.ts';

/** Loss above this share is worth saying even while the link is up. */
export const NOTICEABLE_LOSS = 0.02;
/** Fewer probes than this prove nothing. */
export const MIN_SAMPLES = 20;
/** One lost packet is no share of anything. */
const MIN_LOST = 2;

/** Packets of a session may be counted a moment after its end. */
const COUNTED_LATE_MS = 1000;

interface Facts {
  readonly self: number;
  readonly peer: number;
  readonly port: number;
  readonly address: string;
  readonly link: ObservedLink;
  /** The far side's own account over its API, when it could be asked. */
  readonly hello: Hello | null;
  readonly resolved: boolean;
  readonly now: number;
}

/**
 * Why a link is not up, from the surest fact to the vaguest: only the first reason that explains everything is
 * given, plus what else is wrong by itself. Pure, so that every sentence can be tested.
 */
export function reasonsForDown(facts: Facts): Reason[] {
  const { self, peer, port, address, link, hello } = facts;
  if (!facts.resolved) {
    return [
      reason(
        'name_not_resolved',
        `The name ${address} has never been resolved.`,
        `Check the name, or enter controller ${peer}'s IP address.`,
      ),
    ];
  }
  if (!link.present) {
    return [
      reason(
        'engine_missing',
        `The tunnel interface to controller ${peer} is missing on this controller.`,
        'Its WireGuard process is being restarted; if this stays, look at the log of the link engine.',
      ),
    ];
  }
  if (hello?.kind === 'other_keyset') {
    return [
      reason(
        'other_keyset',
        `The controller at ${address} has another keyset: it belongs to another topology.`,
        'Fetch the keyset again on the controller that is wrong, or correct the address.',
      ),
    ];
  }
  if (hello?.kind === 'answer') {
    const told = explainAnswer(facts, hello);
    if (told) return [told];
  }
  const fresh = link.lastPacketAt !== null && facts.now - link.lastPacketAt < 15_000;
  if (fresh && !isSilent(link)) return [controlReason(link, peer)];
  if (hello?.kind === 'not_meshwright') {
    return [
      reason(
        'not_a_controller',
        `Something at ${address}:8000 answers, but it is not a controller.`,
        'Check the address of the row.',
      ),
    ];
  }
  const heard = link.lastPacketAt === null ? 'No packet was ever received' : 'Packets stopped arriving';
  const api =
    hello && hello.kind !== 'answer'
      ? `its API does not answer either (${hello.text})`
      : hello
        ? 'its API answered when it was last asked'
        : 'its API has not been asked yet';
  return [
    reason(
      link.lastPacketAt === null ? 'no_packet_ever' : 'no_packet_now',
      `${heard} from controller ${peer} at ${address}, and ${api}.`,
      `Check that controller ${peer} runs, and that UDP ${port} and TCP 8000 are open between controllers ${self} and ${peer} in both directions.`,
    ),
  ];
}

/** Whether the last packet came before the session went down: it says nothing about now then. */
function isSilent({ bfd, lastPacketAt }: ObservedLink): boolean {
  return bfd.state === 'Down' && bfd.since !== null && (lastPacketAt ?? 0) <= bfd.since + COUNTED_LATE_MS;
}

function explainAnswer(facts: Facts, hello: Extract<Hello, { kind: 'answer' }>): Reason | null {
  const { self, peer, port, address, link, now } = facts;
  if (hello.id === null) {
    return reason(
      'far_side_has_no_id',
      `The controller at ${address} has the keyset but no id yet.`,
      `Set "this instance" to ${peer} there.`,
    );
  }
  if (hello.id !== peer) {
    return reason(
      'wrong_controller',
      `The controller at ${address} is number ${hello.id}, not ${peer}.`,
      `Correct the address of row ${peer}.`,
    );
  }
  if (!hello.hasRow) {
    return reason(
      'far_side_has_no_row',
      `Controller ${peer} has no row for controller ${self}.`,
      `On controller ${peer}, enter this controller's address in row ${self}.`,
    );
  }
  const weHear = link.lastPacketAt !== null && now - link.lastPacketAt < 15_000;
  if (weHear && !hello.hearsUs) {
    return reason(
      'blocked_towards_peer',
      `UDP ${port} is blocked one way: controller ${peer} receives nothing from us, we receive from it.`,
      `Open UDP ${port} from controller ${self} to controller ${peer}.`,
    );
  }
  if (!weHear && hello.hearsUs) {
    return reason(
      'blocked_from_peer',
      `UDP ${port} is blocked one way: controller ${peer} receives our packets, we receive none.`,
      `Open UDP ${port} from controller ${peer} to controller ${self}.`,
    );
  }
  if (!weHear && !hello.hearsUs) {
    return reason(
      'blocked_both_ways',
      `Controller ${peer} runs and has a row for us, but UDP ${port} passes in neither direction.`,
      `Open UDP ${port} between controllers ${self} and ${peer}.`,
    );
  }
  return null;
}

/** Packets arrive, yet BFD or BGP is not up. */
function controlReason(link: ObservedLink, peer: number): Reason {
  if (link.bfd.state !== 'Up') {
    return reason(
      'bfd_down',
      `Packets from controller ${peer} arrive, but BFD is ${link.bfd.state}.`,
      'Usually over within seconds; if it stays, packets are lost in one direction.',
    );
  }
  const detail = link.bgp.lastError ? ` (${link.bgp.lastError})` : '';
  return reason(
    'bgp_down',
    `BFD is up, but the BGP session with controller ${peer} is ${link.bgp.state}${detail}.`,
    'Usually over within a second; if it stays, look at the log of BIRD.',
  );
}

/** What is wrong with a link that carries traffic. */
export function reasonsForDegraded(link: ObservedLink, peer: number): Reason[] {
  const reasons: Reason[] = [];
  if (link.mtuProbe.ok === false) {
    reasons.push(
      reason(
        'mtu',
        `Packets of ${link.mtuProbe.size} bytes do not reach controller ${peer}, small ones do.`,
        `Lower the MTU of row ${peer} on both controllers until this passes, or correct the path.`,
      ),
    );
  }
  const { lossWhileUp: loss, windowWhileUp: window } = link.probe;
  const lost = Math.round((loss ?? 0) * window);
  if (loss !== null && window >= MIN_SAMPLES && loss >= NOTICEABLE_LOSS && lost >= MIN_LOST) {
    reasons.push(
      reason(
        'loss',
        `${(loss * 100).toFixed(1)} % of the last ${window} probes to controller ${peer} were lost.`,
        'Traffic goes round the link while another way is clean. Look at the path between the two.',
      ),
    );
  }
  return reasons;
}

/** Engines go on without the applier; we only cannot see them. */
export function notObserved(): Reason {
  return reason(
    'not_observed',
    'The applier on this controller does not answer, so the state of the link is not known.',
    'Traffic is not affected. Start the applier again, or look at its log.',
  );
}

export function identityClash(peer: number): Reason {
  return reason(
    'identity_clash',
    `Two machines say that they are controller ${peer}.`,
    'Switch one of them off, or give it an id of its own.',
  );
}

function reason(code: string, text: string, remedy: string): Reason {
  return { code, text, remedy };
}
