import type { DesiredFirewall, FirewallCheck, RuleCounter } from '../desired/firewall.ts';
import type { Observed } from '../desired/observed.ts';
import type { ApplierEvent } from '../desired/protocol.ts';
import type { DesiredState } from '../desired/state.ts';
import { command } from './command.ts';
import { Confirmation, deadlineOf, isExpired } from './confirmation.ts';
import { BasePolicy } from './engines/base-policy.ts';
import { Firewall } from './engines/firewall.ts';
import { PacketLog } from './engines/packet-log.ts';
import { RulesetMonitor } from './engines/ruleset-monitor.ts';
import { checkFirewall } from './firewall-check.ts';
import type { CheckRequest } from './server.ts';

/** Timers cannot wait for longer than some weeks, and a clock that is set must not matter for longer than this. */
const LOOK_AGAIN_MS = 3_600_000;

/** The firewall of the machine: the operator's rules, the base policy around them, and the trial that a change may be on. */
export class FirewallInForce {
  readonly #rulesets = new RulesetMonitor();
  readonly #rules = new Firewall(this.#rulesets);
  readonly #basePolicy = new BasePolicy(this.#rulesets);
  readonly #confirmation = new Confirmation();
  readonly #packetLog: PacketLog;
  readonly #onEvent: (event: ApplierEvent) => void;
  readonly #onDeadline: () => void;
  #checks: Promise<unknown> = Promise.resolve();
  #deadline: NodeJS.Timeout | null = null;
  #inForce: DesiredFirewall | null = null;
  /** The deadline whose passing was told. */
  #toldExpiry: number | null = null;

  /** `onDeadline` is to apply the document in force again: what is in force for it may be another firewall now. */
  constructor(onEvent: (event: ApplierEvent) => void, onDeadline: () => void) {
    this.#onEvent = onEvent;
    this.#onDeadline = onDeadline;
    this.#packetLog = new PacketLog((packet) =>
      onEvent({ event: 'firewall_log', at: Date.now(), peer: null, state: 'logged', packet }),
    );
  }

  start(): void {
    this.#rulesets.start();
  }

  stop(): void {
    if (this.#deadline) clearTimeout(this.#deadline);
    this.#rulesets.stop();
    this.#packetLog.stop();
  }

  /**
   * Rules, then the base policy, as the document asks for or as they were before a trial that nobody confirmed. Returns a
   * refusal of the rules that it was told to go on after.
   */
  async apply(state: DesiredState, isRestore: boolean): Promise<Error | null> {
    const firewall = this.#confirmation.choose(state.firewall, Date.now());
    const refusal = await this.#rules.apply(firewall).then(
      () => null,
      (error: Error) => error,
    );
    if (refusal && !isRestore) throw refusal;
    await this.#basePolicy.apply(state, firewall);
    if (!refusal) {
      this.#confirmation.note(firewall);
      this.#inForce = firewall;
      this.#packetLog.follow(firewall);
      this.#awaitConfirmation(state);
    }
    return refusal;
  }

  #awaitConfirmation({ firewall }: DesiredState): void {
    if (this.#deadline) clearTimeout(this.#deadline);
    this.#deadline = null;
    const deadline = deadlineOf(firewall);
    if (deadline === null) return;
    const left = deadline - Date.now();
    if (left > 0) {
      this.#deadline = setTimeout(this.#onDeadline, Math.min(left, LOOK_AGAIN_MS));
    } else if (this.#toldExpiry !== deadline) {
      this.#toldExpiry = deadline;
      this.#onEvent({ event: 'firewall_reverted', at: Date.now(), peer: null, state: 'reverted' });
    }
  }

  /** One at a time, and beside changes: each starts processes. */
  check({ state, firewall, tests, flows }: CheckRequest): Promise<FirewallCheck> {
    const turn = this.#checks.then(() => checkFirewall(state, this.#inForce, firewall, tests, flows));
    this.#checks = turn.catch(() => undefined);
    return turn;
  }

  counters(): Promise<RuleCounter[]> {
    return this.#rules.counters();
  }

  /** Flows that go on are tracked anew with their next packet, by the rules of now. */
  async resetTracking(): Promise<void> {
    await command('conntrack', ['-F']);
  }

  observe(state: DesiredState | null): Observed['firewall'] {
    const firewall = state?.firewall;
    return { confirmBy: deadlineOf(firewall), reverted: isExpired(firewall, Date.now()) };
  }
}
