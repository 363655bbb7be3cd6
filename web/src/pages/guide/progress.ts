import type { MeshSummary } from '../../../../src/observe/mesh-status.ts';

/** The steps to a topology of one, in order. Where an operator stands follows from the controller, not from a click. */
export const FIRST_STEPS = ['licence', 'addressing', 'keyset', 'identity', 'invite'] as const;
export type FirstStep = (typeof FIRST_STEPS)[number];

export interface Standing {
  readonly hasLicence: boolean;
  readonly controller: Pick<MeshSummary['controller'], 'licensed' | 'keyset' | 'id'>;
  /** No other controller is known here. */
  readonly isAlone: boolean;
}

export function firstStep({ hasLicence, controller }: Standing): FirstStep {
  if (controller.id !== null && controller.keyset === 'present') return 'invite';
  if (controller.keyset === 'present') return 'identity';
  if (controller.licensed) return 'keyset';
  return hasLicence ? 'addressing' : 'licence';
}

export type Way = 'first' | 'join';

/**
 * Which of the two ways it is. What was done already decides; only on an untouched controller the operator's choice
 * does.
 */
export function wayOf(standing: Standing, isJoining: boolean, chosen: Way | null): Way | null {
  if (isJoining) return 'join';
  const { controller, hasLicence } = standing;
  if (controller.keyset === 'absent' && (hasLicence || controller.licensed)) return 'first';
  if (controller.keyset === 'present' && controller.id !== null)
    return lacksPeers(standing, chosen) ? 'join' : 'first';
  return chosen;
}

/**
 * Joined by hand, and not finished: a keyset that is fetched brings no peers. A controller that began the topology is
 * alone too, but it is the first one.
 */
export function lacksPeers({ controller, isAlone }: Standing, chosen: Way | null): boolean {
  if (controller.keyset !== 'present' || controller.id === null || !isAlone) return false;
  return chosen === null ? controller.id !== 1 : chosen === 'join';
}
