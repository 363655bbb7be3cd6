import type {
  DesiredFirewall,
  FirewallCheck,
  FirewallProblem,
  FirewallTest,
  RuleCounter,
} from '../desired/firewall.ts';

/** What stands behind the border: the applier, or a test's replacement of it. */
export interface FirewallEngine {
  /** Tries a firewall out. Null: this controller is not part of a topology yet, so nothing is in force. */
  check(
    firewall: DesiredFirewall,
    tests: readonly FirewallTest[],
    flows: boolean,
  ): Promise<FirewallCheck | null>;
  /**
   * Puts in force what `FirewallService.desired` says. Throws EngineRefused or EngineAway when the former firewall is
   * still the one in force; after any other error it is the new one, and something else failed.
   */
  apply(): Promise<void>;
  counters(): Promise<RuleCounter[]>;
  resetTracking(): Promise<void>;
}

export class EngineRefused extends Error {
  readonly problems: readonly FirewallProblem[];

  constructor(problems: readonly FirewallProblem[]) {
    super(problems[0]?.message ?? 'the engine refuses it');
    this.problems = problems;
  }
}

export class EngineAway extends Error {}
