import type { DesiredFirewall } from '../../desired/firewall.ts';
import type { DesiredState } from '../../desired/state.ts';
import { renderNftables } from '../../render/nftables.ts';
import { command } from '../command.ts';
import type { RulesetMonitor } from './ruleset-monitor.ts';
import { sshPorts } from './ssh-ports.ts';

/** Without counters and the contents of sets: equal as long as nobody changed the table. */
const LISTING = ['-s', '-t', 'list', 'table', 'inet', 'meshwright'];

/** The one owner of `table inet meshwright`: replaced as a whole, in one transaction, and put back when it is changed. */
export class BasePolicy {
  readonly #monitor: RulesetMonitor;
  #text: string | null = null;
  #listing: string | null = null;
  /** When the table was last seen to be as it should be. */
  #intactAt: string | null = null;

  constructor(monitor: RulesetMonitor) {
    this.#monitor = monitor;
  }

  /** A table that is as it should be is not touched. */
  async apply(state: DesiredState, { sealed, clientsMayManage, ipsec }: DesiredFirewall): Promise<void> {
    const text = renderNftables(state, {
      sealed,
      clientsMayManage,
      ipsec: ipsec ?? false,
      sshPorts: sshPorts(),
    });
    if (text === this.#text && (await this.#isIntact())) return;
    await command('nft', ['-f', '-'], { input: text });
    this.#text = text;
    this.#listing = await listing();
  }

  async #isIntact(): Promise<boolean> {
    const mark = this.#monitor.mark();
    if (mark !== null && mark === this.#intactAt) return true;
    const isIntact = (await listing()) === this.#listing;
    this.#intactAt = isIntact ? mark : null;
    return isIntact;
  }
}

function listing(): Promise<string | null> {
  return command('nft', LISTING).catch(() => null);
}
