import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { DesiredFirewall, RuleCounter } from '../../desired/firewall.ts';
import { readFirewall } from '../../firewall/grammar/ruleset.ts';
import { enginePaths } from '../../render/engine-paths.ts';
import { type RenderedSet, renderSets } from '../../render/ipset.ts';
import {
  type IpFamily,
  PLACES,
  type RenderedTables,
  renderChains,
  restoreText,
} from '../../render/iptables.ts';
import { command } from '../command.ts';
import { FirewallRefused, problemOf } from './firewall-refused.ts';
import { Ipsets } from './ipsets.ts';
import { asTables, holds, parseSaved, type Saved } from './iptables-save.ts';
import { IntactRules, type RulesetMonitor } from './ruleset-monitor.ts';

const FAMILIES: readonly IpFamily[] = ['v4', 'v6'];
const SAVE = { v4: 'iptables-nft-save', v6: 'ip6tables-nft-save' } as const;
const RESTORE = { v4: 'iptables-nft-restore', v6: 'ip6tables-nft-restore' } as const;
/** Five thousand rules take a sixth of a second; a loaded machine may need longer. */
const PATIENCE = { timeoutMs: 30_000 };

type Both<T> = Readonly<Record<IpFamily, T>>;

/**
 * The operator's rules and sets, in the distribution's own engines. Everything is parsed and tried before anything is
 * changed, each of the engine's tables changes in one transaction, and a failure puts back what was there. Chains and
 * sets without our prefix are never touched.
 */
export class Firewall {
  readonly #sets = new Ipsets();
  readonly #intact: IntactRules;
  /** What the engine should hold; null until we know. */
  #tables: Both<RenderedTables> | null = null;
  #key: string | null = null;

  constructor(monitor: RulesetMonitor) {
    this.#intact = new IntactRules(monitor, () => this.#hasRules());
  }

  /** Makes rules and sets equal to `firewall`. What is in force already is not touched, so counters go on. */
  async apply(firewall: DesiredFirewall): Promise<void> {
    const key = JSON.stringify([firewall.subtables, firewall.sets, firewall.rules]);
    const isEmpty = firewall.rules.length + firewall.sets.length + firewall.subtables.length === 0;
    if (key === this.#key && (isEmpty || (await this.#isIntact()))) return;
    const saved = await this.#saved().catch((error: Error) => {
      // A machine without the engine has no rules of ours either.
      if (isEmpty && error.message.includes('ENOENT')) return null;
      throw error;
    });
    if (saved) await this.#change(firewall, saved);
    this.#key = key;
  }

  async #change(firewall: DesiredFirewall, saved: Both<Saved>): Promise<void> {
    const { problems, ...ruleset } = readFirewall(firewall);
    if (problems.length > 0) throw new FirewallRefused(problems);
    const tables = {
      v4: renderChains({ ...ruleset, problems }, 'v4'),
      v6: renderChains({ ...ruleset, problems }, 'v6'),
    };
    const sets = renderSets(ruleset.sets);
    const digest = digestOf(tables, sets);
    if (this.#tables === null && (await this.#adopts(digest, tables, sets, saved))) return;
    const before = this.#tables;
    const texts = {
      v4: restoreText(tables.v4, saved.v4, counted(saved.v4, before?.v4)),
      v6: restoreText(tables.v6, saved.v6, counted(saved.v6, before?.v6)),
    };
    await this.#sets.fill(sets);
    try {
      await Promise.all(
        FAMILIES.map((family) =>
          restore(family, texts[family].text, ['--test']).catch((error: Error) => {
            throw new FirewallRefused([problemOf(error, texts[family].ids, firewall)]);
          }),
        ),
      );
      await this.#sets.swap();
      await this.#commit(texts, saved, firewall);
    } catch (error) {
      await this.#sets.abandon();
      throw error;
    }
    this.#tables = tables;
    await this.#sets.finish(sets);
    writeFileSync(enginePaths.firewallDigest, digest, { mode: 0o600 });
  }

  /** After a restart of ours the engine holds what we wrote before: it is taken over as it is, counters and all. */
  async #adopts(
    digest: string,
    tables: Both<RenderedTables>,
    sets: readonly RenderedSet[],
    saved: Both<Saved>,
  ): Promise<boolean> {
    if (!existsSync(enginePaths.firewallDigest)) return false;
    if (readFileSync(enginePaths.firewallDigest, 'utf8') !== digest) return false;
    if (!FAMILIES.every((family) => holds(saved[family], tables[family]))) return false;
    if (!(await this.#sets.adopt(sets))) return false;
    this.#tables = tables;
    return true;
  }

  /** The kernel's own word comes only now; what one family already took is taken back when the other refuses. */
  async #commit(
    texts: Both<ReturnType<typeof restoreText>>,
    saved: Both<Saved>,
    firewall: DesiredFirewall,
  ): Promise<void> {
    for (const family of FAMILIES) {
      try {
        await restore(family, texts[family].text);
      } catch (error) {
        await this.#rollBack(saved);
        throw new FirewallRefused([problemOf(error as Error, texts[family].ids, firewall)]);
      }
    }
  }

  async #rollBack(saved: Both<Saved>): Promise<void> {
    const now = await this.#saved();
    for (const family of FAMILIES) {
      const back = restoreText(asTables(saved[family]), now[family], (key, nth) => {
        const [place, chain] = key.split(' ') as [(typeof PLACES)[number], string];
        const line = saved[family].lines.get(place)?.get(chain)?.[nth];
        return line ? `[${line.packets}:${line.bytes}]` : null;
      });
      await restore(family, back.text).catch((error: Error) =>
        console.error(`rules not put back: ${error.message}`),
      );
    }
  }

  async #saved(): Promise<Both<Saved>> {
    const [v4, v6] = await Promise.all(FAMILIES.map((family) => command(SAVE[family], ['-c'], PATIENCE)));
    return { v4: parseSaved(v4!), v6: parseSaved(v6!) };
  }

  async #isIntact(): Promise<boolean> {
    const [hasRules, hasSets] = await Promise.all([this.#intact.ask(), this.#sets.arePresent()]);
    return hasRules && hasSets;
  }

  async #hasRules(): Promise<boolean> {
    const saved = await this.#saved();
    const tables = this.#tables;
    return tables !== null && FAMILIES.every((family) => holds(saved[family], tables[family]));
  }

  /** Packets and bytes of every rule that met one, both families and all its places together. */
  async counters(): Promise<RuleCounter[]> {
    const tables = this.#tables;
    if (
      !tables ||
      FAMILIES.every((family) => PLACES.every((place) => tables[family].get(place)!.length === 0))
    )
      return [];
    const saved = await this.#saved();
    const totals = new Map<string, { packets: number; bytes: number }>();
    for (const family of FAMILIES) {
      for (const { id, packets, bytes } of countedLines(saved[family], tables[family])) {
        const total = totals.get(id) ?? { packets: 0, bytes: 0 };
        totals.set(id, { packets: total.packets + packets, bytes: total.bytes + bytes });
      }
    }
    return [...totals].map(([id, total]) => ({ id, ...total }));
  }
}

async function restore(family: IpFamily, text: string, extra: readonly string[] = []): Promise<void> {
  if (text === '') return;
  await command(RESTORE[family], ['--noflush', '--counters', ...extra], { input: text, ...PATIENCE });
}

/** Tells what we wrote from anything else; the engine gives our words back in an order of its own. */
function digestOf(tables: Both<RenderedTables>, sets: readonly RenderedSet[]): string {
  const text = JSON.stringify([FAMILIES.map((family) => [...tables[family]]), sets]);
  return createHash('sha256').update(text).digest('hex');
}

/** The engine keeps the order, so the nth line of a chain is the nth that we wrote. */
function* countedLines(saved: Saved, tables: RenderedTables) {
  for (const place of PLACES) {
    for (const { name, lines } of tables.get(place)!) {
      const present = saved.lines.get(place)!.get(name) ?? [];
      if (present.length !== lines.length) continue;
      for (const [at, { id }] of lines.entries()) {
        if (id !== null) yield { key: `${place} ${name} ${id}`, id, ...present[at]! };
      }
    }
  }
}

/** What each line had counted before a change, so that the change does not set it back to nothing. */
function counted(
  saved: Saved,
  tables: RenderedTables | undefined,
): (key: string, nth: number) => string | null {
  const counts = new Map<string, string[]>();
  for (const { key, packets, bytes } of tables ? countedLines(saved, tables) : []) {
    const list = counts.get(key) ?? [];
    list.push(`[${packets}:${bytes}]`);
    counts.set(key, list);
  }
  return (key, nth) => counts.get(key)?.[nth] ?? null;
}
