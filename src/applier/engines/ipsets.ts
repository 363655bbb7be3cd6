import type { Problem } from '../../firewall/grammar/ruleset.ts';
import { fillText, type RenderedSet, swapText } from '../../render/ipset.ts';
import { command } from '../command.ts';
import { FirewallRefused } from './firewall-refused.ts';

const PATIENCE = { timeoutMs: 30_000 };
const OURS = /^M[WT]([ns][46]|p|l)-/;

/**
 * Sets change by swap: a new one is filled beside the old one and takes its place at once, so no packet ever sees one
 * half filled. Rules that look into the old one look into the new one from then on.
 */
export class Ipsets {
  /** Contents of the sets in use, as we last filled them. */
  readonly #contents = new Map<string, string>();
  #filled: readonly RenderedSet[] = [];
  #isSwapped = false;

  /** Fills what differs from the sets in use. A bad entry is refused here, with nothing changed. */
  async fill(sets: readonly RenderedSet[]): Promise<void> {
    this.#isSwapped = false;
    this.#filled = [];
    if (sets.length === 0) return;
    const present = await list();
    await destroy(present.filter((name) => name.startsWith('MT')));
    const changed = sets.filter(
      (set) => !present.includes(set.name) || this.#contents.get(set.name) !== contentOf(set),
    );
    if (changed.length === 0) return;
    const text = fillText(changed);
    try {
      await command('ipset', ['restore'], { input: text, ...PATIENCE });
    } catch (error) {
      await this.abandon();
      throw new FirewallRefused([setProblem(error as Error, text)]);
    }
    this.#filled = changed;
  }

  async swap(): Promise<void> {
    if (this.#filled.length === 0) return;
    await command('ipset', ['restore'], { input: swapText(this.#filled), ...PATIENCE });
    this.#isSwapped = true;
  }

  /** Back to what was in use, after a failure anywhere. */
  async abandon(): Promise<void> {
    if (this.#isSwapped) await command('ipset', ['restore'], { input: swapText(this.#filled), ...PATIENCE });
    this.#isSwapped = false;
    const present = await list().catch(() => []);
    const known = [...this.#contents.keys()];
    await destroy(present.filter((name) => name.startsWith('MT') || !known.includes(name)));
  }

  /** Lets go of what nothing looks into any more. */
  async finish(sets: readonly RenderedSet[]): Promise<void> {
    for (const set of this.#filled) this.#contents.set(set.name, contentOf(set));
    if (this.#filled.length === 0 && sets.length === 0 && this.#contents.size === 0) {
      // Nothing is known of sets of an earlier run; without the program there are none.
      await destroy(await list().catch(() => []));
      return;
    }
    const wanted = new Set(sets.map(({ name }) => name));
    await destroy((await list()).filter((name) => !wanted.has(name)));
    for (const name of this.#contents.keys()) if (!wanted.has(name)) this.#contents.delete(name);
    this.#filled = [];
  }

  /** Takes over sets that an earlier run filled. False when one is missing. */
  async adopt(sets: readonly RenderedSet[]): Promise<boolean> {
    const present = sets.length > 0 ? await list() : [];
    if (!sets.every(({ name }) => present.includes(name))) return false;
    for (const set of sets) this.#contents.set(set.name, contentOf(set));
    return true;
  }

  async arePresent(): Promise<boolean> {
    if (this.#contents.size === 0) return true;
    const present = new Set(await list());
    return [...this.#contents.keys()].every((name) => present.has(name));
  }
}

const contentOf = ({ create, entries }: RenderedSet): string => `${create}\n${entries.join('\n')}`;

/** Names of our own sets. */
async function list(): Promise<string[]> {
  return (await command('ipset', ['list', '-n'], PATIENCE)).split('\n').filter((name) => OURS.test(name));
}

/** Lists first: they hold on to their members. A set that a rule still uses stays until the next change. */
async function destroy(names: readonly string[]): Promise<void> {
  const isList = (name: string) => /^M[WT]l-/.test(name);
  for (const name of [...names].sort((a, b) => Number(isList(b)) - Number(isList(a)))) {
    await command('ipset', ['destroy', name]).catch(() => undefined);
  }
}

/** Finds the set and the entry that `ipset restore` complains about: it names the line of its input. */
export function setProblem(error: Error, text: string): Problem {
  const line = text.split('\n')[Number(/line (\d+)/.exec(error.message)?.[1]) - 1] ?? '';
  const [, name = '', ...entry] = line.split(' ');
  const reason = error.message
    .replace(/^ipset( restore: |: )?|ipset v[\d.]+: |Error in line \d+: /g, '')
    .trim();
  return {
    rule: null,
    set: name.replace(OURS, '') || null,
    message: [entry.filter((word) => word !== '-exist').join(' '), reason].filter(Boolean).join(': '),
  };
}
