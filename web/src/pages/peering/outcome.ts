import type { Link, Member } from '../../../../src/observe/mesh-status.ts';

export interface Outcome {
  readonly state: 'up' | 'degraded' | 'down' | 'unknown';
  readonly reached: string;
  readonly checksum: string;
}

/** A new link needs a moment: BFD and BGP come up one after the other. */
const PATIENCE_MS = 15_000;

/** What saving came to for one peer: was it reached, and does it belong to the same topology. */
export function outcome(link: Link | undefined, member: Member | undefined, waitedMs: number): Outcome {
  if (link?.state === 'unknown')
    return {
      state: 'unknown',
      reached: 'not known: the applier does not answer',
      checksum: checksumSentence(member),
    };
  const isReached = link !== undefined && link.state !== 'down';
  if (isReached) {
    const reached = link.state === 'up' ? 'reached' : 'reached, but the link is degraded';
    return { state: link.state, reached, checksum: checksumSentence(member) };
  }
  if (waitedMs < PATIENCE_MS)
    return {
      state: 'unknown',
      reached: 'being reached…',
      checksum: 'The checksum comes with the first packets.',
    };
  return { state: 'down', reached: 'not reached', checksum: checksumSentence(member) };
}

function checksumSentence(member: Member | undefined): string {
  switch (member?.checksum) {
    case 'match':
      return 'Its topology checksum is equal to that of this controller.';
    case 'differs':
      return 'Its topology checksum differs: it has another licence state or addressing. Fetch the keyset again there, or finish the licence upgrade.';
    default:
      return 'Its topology checksum is not known.';
  }
}
