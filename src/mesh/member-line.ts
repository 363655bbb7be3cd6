import type { ControllerId } from '../topology/controller-id.ts';
import type { AnswerTo, Ask, RequestKind } from './member-requests.ts';

/** The other members as a capability sees them: who can be reached, and how to ask or tell them. */
export interface MemberLine {
  /** Null while this controller has no id. */
  self(): ControllerId | null;
  /** Members that the overlay has a way to now, directly or over others. */
  reachable(): ControllerId[];
  /** Rejects with the member's refusal, or with some other error when it does not answer. */
  ask<K extends RequestKind>(
    kind: K,
    id: ControllerId,
    body: Ask<K>,
    timeoutMs?: number,
  ): Promise<AnswerTo<K>>;
  /** Exchanges records with one member now. */
  meet(id: ControllerId): Promise<void>;
  /** Brings our records to every member that can be reached, and returns those that have them within the time. */
  spread(withinMs?: number): Promise<ControllerId[]>;
}
