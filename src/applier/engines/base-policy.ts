import type { DesiredFirewall } from '../../desired/firewall.ts';
import type { DesiredState } from '../../desired/state.ts';
import { renderNftables } from '../../render/nftables.ts';
import { command } from '../command.ts';
import { sshPorts } from './ssh-ports.ts';

/** Without counters and the contents of sets: equal as long as nobody changed the table. */
const LISTING = ['-s', '-t', 'list', 'table', 'inet', 'meshwright'];

/** The one owner of `table inet meshwright`: replaced as a whole, in one transaction, and put back when it is changed. */
export class BasePolicy {
  #text: string | null = null;
  #listing: string | null = null;

  /** A table that is as it should be is not touched. */
  async apply(state: DesiredState, { sealed, clientsMayManage, ipsec }: DesiredFirewall): Promise<void> {
    const text = renderNftables(state, {
      sealed,
      clientsMayManage,
      ipsec: ipsec ?? false,
      sshPorts: sshPorts(),
    });
    if (text === this.#text && (await listing()) === this.#listing) return;
    await command('nft', ['-f', '-'], { input: text });
    this.#text = text;
    this.#listing = await listing();
  }
}

function listing(): Promise<string | null> {
  return command('nft', LISTING).catch(() => null);
}
