import type { DesiredFirewall } from '../desired/firewall.ts';
import { loadConfirmedFirewall, saveConfirmedFirewall } from './applied-file.ts';

/** What is in force before anybody asked for a firewall: the base policy and no rules. */
export const NO_FIREWALL: DesiredFirewall = {
  sealed: false,
  clientsMayManage: false,
  subtables: [],
  sets: [],
  rules: [],
};

/**
 * Which firewall is to be in force now. One that carries a deadline is on trial until it comes again without; past the
 * deadline the one that was confirmed last takes its place. All of it follows from the document, the clock and one
 * file, so a restart changes nothing about it.
 */
export class Confirmation {
  #confirmed: DesiredFirewall | null = null;

  /** The firewall to put in force for a document that asks for `wanted`. */
  choose(wanted: DesiredFirewall | undefined, now: number): DesiredFirewall {
    const firewall = wanted ?? NO_FIREWALL;
    return isExpired(firewall, now) ? this.#last() : firewall;
  }

  /** Called once `firewall` is in force. Without a deadline it is what a later trial falls back to. */
  note(firewall: DesiredFirewall): void {
    if (deadlineOf(firewall) !== null) return;
    if (JSON.stringify(firewall) === JSON.stringify(this.#last())) return;
    saveConfirmedFirewall(firewall);
    this.#confirmed = firewall;
  }

  #last(): DesiredFirewall {
    this.#confirmed ??= loadConfirmedFirewall() ?? NO_FIREWALL;
    return this.#confirmed;
  }
}

export function deadlineOf(firewall: DesiredFirewall | undefined): number | null {
  return firewall?.confirmBy ?? null;
}

export function isExpired(firewall: DesiredFirewall | undefined, now: number): boolean {
  const deadline = deadlineOf(firewall);
  return deadline !== null && deadline <= now;
}
