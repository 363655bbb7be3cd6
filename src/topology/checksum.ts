import { createHash } from 'node:crypto';
import type { Addressing } from './addressing.ts';
import { canonicalJson } from './canonical-json.ts';

export interface ChecksumInput {
  /** SHA-1 of the licence text; null before there is one. */
  licenseSha1: string | null;
  addressing: Addressing | null;
  keysetFingerprint: string | null;
}

/**
 * Forty hex digits that are equal on two controllers exactly when they belong to the same topology. SHA-1 because
 * the wire form has forty digits; it tells topologies apart, it protects nothing.
 */
export function topologyChecksum({ licenseSha1, addressing, keysetFingerprint }: ChecksumInput): string {
  return createHash('sha1')
    .update(canonicalJson({ licenseSha1, addressing, keysetFingerprint }))
    .digest('hex');
}
