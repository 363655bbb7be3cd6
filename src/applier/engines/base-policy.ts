import type { DesiredFirewall } from '../../desired/firewall.ts';
import type { DesiredState } from '../../desired/state.ts';
import { renderNftables } from '../../render/nftables.ts';
import { command } from '../command.ts';
import { IntactRules, type RulesetMonitor } from './ruleset-monitor.ts';
import { sshPorts } from './ssh-ports.ts';

/** Without counters and the contents of sets: equal as long as nobody changed the table. */
const LISTING = ['-s', '-t', 'list', 'table', 'inet', 'meshwright'];

/** The one owner of `table inet meshwright`: replaced as a whole, in one transaction, and put back when it is changed. */
export class BasePolicy {
  readonly #intact: IntactRules;
  #text: string | null = null;
  /** What the kernel said of the table right after it was written. Nobody's change waits for that. */
  #listing: Promise<string | null> = Promise.resolve(null);

  constructor(monitor: RulesetMonitor) {
    this.#intact = new IntactRules(monitor, async () => (await listing()) === (await this.#listing));
  }

  /** A table that is as it should be is not touched. */
  async apply(state: DesiredState, { sealed, clientsMayManage, ipsec }: DesiredFirewall): Promise<void> {
    const text = renderNftables(state, {
      sealed,
      clientsMayManage,
      ipsec: ipsec ?? false,
      sshPorts: sshPorts(),
    });
    if (text === this.#text && (await this.#intact.ask())) return;
    await command('nft', ['-f', '-'], { input: text });
    this.#text = text;
    this.#listing = listing();
  }
}

function listing(): Promise<string | null> {
  return command('nft', LISTING).catch(() => null);
}
