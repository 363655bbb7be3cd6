import type { DesiredFirewall, DesiredSet } from '../../desired/firewall.ts';
import { engineName, isTable, RESERVED_NAMES, SET_NAME, SUBTABLE_NAME, type Table } from './names.ts';
import { checkRule, type Rule, type Scope } from './rule.ts';
import { RuleError } from './rule-error.ts';
import { checkEntry, type SetEntry, type SetType } from './set-entry.ts';
import { type Place, TARGETS } from './targets.ts';

export interface PlacedRule extends Rule {
  readonly id: string;
}

export interface CheckedSet {
  readonly name: string;
  readonly type: SetType;
  readonly entries: readonly SetEntry[];
}

/** Something that keeps a firewall from being used, with the rule or set that it is about. */
export interface Problem {
  readonly rule: string | null;
  readonly set: string | null;
  readonly message: string;
}

/** A firewall whose every word was checked, with its rules where the engine will have them. */
export interface Ruleset {
  /** Chains of each of the engine's tables, by table or subtable name, in a stable order. */
  readonly chains: ReadonlyMap<Place, ReadonlyMap<string, readonly PlacedRule[]>>;
  readonly sets: ReadonlyMap<string, CheckedSet>;
  readonly problems: readonly Problem[];
}

/** The engine's tables that a packet of each of our tables passes, in the order in which a rule's place is chosen. */
const PLACES: Readonly<Record<Table, readonly Place[]>> = {
  PREROUTING: ['nat', 'mangle'],
  INPUT: ['filter', 'mangle'],
  FORWARD: ['filter', 'mangle'],
  OUTPUT: ['filter', 'nat', 'mangle'],
  POSTROUTING: ['nat', 'mangle'],
};
const ALL_PLACES: readonly Place[] = ['filter', 'nat', 'mangle'];
/** The kernel follows 16 jumps; the engine's own chain, ours and the one that accepts need some. */
const MAX_DEPTH = 12;

/** What is left of a name in the engine after our prefixes: for sets by their type. A shortened one is nobody else's. */
const SUBTABLE_LENGTH = 25;
const SET_LENGTHS = [26, 27];

/** What was read of a document is kept with it: border and engine both ask, and thousands of rules take their time. */
const known = new WeakMap<DesiredFirewall, Ruleset>();

/** Checks a whole firewall. Problems come in the document's order; the rest of the result is of use without any. */
export function readFirewall(firewall: DesiredFirewall): Ruleset {
  const ruleset = known.get(firewall) ?? read(firewall);
  known.set(firewall, ruleset);
  return ruleset;
}

function read(firewall: DesiredFirewall): Ruleset {
  const problems: Problem[] = [];
  const sets = readSets(firewall.sets, problems);
  const rules = readRules(firewall, problems);
  const chains = new Map<Place, Map<string, PlacedRule[]>>(ALL_PLACES.map((place) => [place, new Map()]));
  if (problems.length === 0) new Layout(firewall.subtables, rules, chains, problems).place();
  return { chains, sets, problems };
}

function readSets(sets: readonly DesiredSet[], problems: Problem[]): Map<string, CheckedSet> {
  const types = new Map(sets.map(({ name, type }) => [name, type]));
  const isMember = (name: string) => types.has(name) && types.get(name) !== 'list';
  const read = new Map<string, CheckedSet>();
  const taken = new Set<string>();
  for (const { name, type, entries } of sets) {
    const complain = (message: string) => problems.push({ rule: null, set: name, message });
    const short = SET_LENGTHS.map((most) => engineName('', name, most).toLowerCase());
    if (!SET_NAME.test(name)) complain(`${JSON.stringify(name)} is not a name for a set`);
    else if (short.some((one) => taken.has(one))) complain(`${name} is the name of two sets`);
    for (const one of short) taken.add(one);
    const checked: SetEntry[] = [];
    for (const entry of entries) {
      try {
        checked.push(checkEntry(type, entry, isMember));
      } catch (error) {
        complain(messageOf(error));
      }
    }
    read.set(name, { name, type, entries: checked });
  }
  return read;
}

function readRules({ subtables, sets, rules }: DesiredFirewall, problems: Problem[]): PlacedRule[] {
  const complain = (rule: string | null, message: string) => problems.push({ rule, set: null, message });
  const short = new Set<string>();
  for (const name of subtables) {
    if (!SUBTABLE_NAME.test(name) || RESERVED_NAMES.has(name))
      complain(null, `${name} is not a name for a subtable`);
    const engine = engineName('', name, SUBTABLE_LENGTH);
    if (short.has(engine)) complain(null, `${name} is the name of two subtables`);
    short.add(engine);
  }
  const known = { subtables: new Set(subtables), sets: new Set(sets.map(({ name }) => name)) };
  const scope: Scope = {
    hasSubtable: (name) => known.subtables.has(name),
    hasSet: (name) => known.sets.has(name),
  };
  const ids = new Set<string>();
  return rules.flatMap(({ id, table, words }) => {
    if (ids.has(id)) complain(id, 'two rules have this id');
    ids.add(id);
    try {
      return [{ id, ...checkRule(table, words, scope) }];
    } catch (error) {
      complain(id, messageOf(error));
      return [];
    }
  });
}

function messageOf(error: unknown): string {
  if (error instanceof RuleError) return error.message;
  throw error;
}

/**
 * Finds the engine's table for every rule: the first that its packets pass and that takes its target. A subtable stands
 * wherever a jump needs it, with all of its rules, so it needs a place that takes every one of them.
 */
class Layout {
  readonly #rules = new Map<string, PlacedRule[]>();
  readonly #chains: Map<Place, Map<string, PlacedRule[]>>;
  readonly #problems: Problem[];
  readonly #allowed = new Map<string, readonly Place[]>();
  readonly #depths = new Map<string, number>();

  constructor(
    subtables: readonly string[],
    rules: readonly PlacedRule[],
    chains: Map<Place, Map<string, PlacedRule[]>>,
    problems: Problem[],
  ) {
    for (const name of subtables) this.#rules.set(name, []);
    for (const rule of rules) {
      const list = this.#rules.get(rule.table);
      if (list) list.push(rule);
      else this.#rules.set(rule.table, [rule]);
    }
    this.#chains = chains;
    this.#problems = problems;
  }

  place(): void {
    for (const name of this.#rules.keys()) this.#depthOf(name);
    if (this.#problems.length > 0) return;
    for (const [name, rules] of this.#rules) {
      if (!isTable(name)) continue;
      this.#checkTargets(name, name, new Set());
      for (const rule of rules) this.#placeRule(rule, PLACES[name]);
    }
    // A subtable that nothing jumps to yet is held by the engine as well, so that its rules are known to be good.
    for (const name of this.#rules.keys()) {
      if (isTable(name) || ALL_PLACES.some((place) => this.#chains.get(place)!.has(name))) continue;
      const [place] = this.#allowedOf(name);
      if (place) this.#instantiate(name, place);
      else this.#complain(this.#rules.get(name)![0] ?? null, `no place takes all rules of subtable ${name}`);
    }
  }

  #placeRule(rule: PlacedRule, places: readonly Place[]): void {
    const allowed = this.#allowedFor(rule);
    const place = places.find((one) => allowed.includes(one));
    if (!place) {
      const reason = isBuiltIn(rule.target)
        ? `${rule.target} cannot be used in ${rule.table}`
        : `subtable ${rule.target} mixes targets that no one place in ${rule.table} takes (translation, REJECT, marks)`;
      this.#complain(rule, reason);
      return;
    }
    const chain = this.#chain(place, rule.table);
    chain.push(rule);
    if (rule.target !== null && !isBuiltIn(rule.target)) this.#instantiate(rule.target, place);
  }

  #instantiate(subtable: string, place: Place): void {
    if (this.#chains.get(place)!.has(subtable)) return;
    const chain = this.#chain(place, subtable);
    for (const rule of this.#rules.get(subtable) ?? []) {
      chain.push(rule);
      if (rule.target !== null && !isBuiltIn(rule.target)) this.#instantiate(rule.target, place);
    }
  }

  #chain(place: Place, name: string): PlacedRule[] {
    const chains = this.#chains.get(place)!;
    const chain = chains.get(name) ?? [];
    chains.set(name, chain);
    return chain;
  }

  #allowedFor({ target }: Rule): readonly Place[] {
    if (target === null) return ALL_PLACES;
    return isBuiltIn(target) ? TARGETS[target]!.places : this.#allowedOf(target);
  }

  #allowedOf(subtable: string): readonly Place[] {
    const known = this.#allowed.get(subtable);
    if (known) return known;
    const rules = this.#rules.get(subtable) ?? [];
    const allowed = ALL_PLACES.filter((place) =>
      rules.every((rule) => this.#allowedFor(rule).includes(place)),
    );
    this.#allowed.set(subtable, allowed);
    return allowed;
  }

  /** A target may stand in a subtable only if it makes sense in every table from which one gets there. */
  #checkTargets(table: Table, chain: string, seen: Set<string>): void {
    for (const rule of this.#rules.get(chain) ?? []) {
      if (rule.target === null) continue;
      if (!isBuiltIn(rule.target)) {
        if (!seen.has(rule.target)) this.#checkTargets(table, rule.target, seen.add(rule.target));
      } else if (!TARGETS[rule.target]!.tables.includes(table)) {
        this.#complain(
          rule,
          `${rule.target} cannot be used here: subtable ${chain} is reached from ${table}`,
        );
      }
    }
  }

  /** How many jumps deep the subtables below this one go; circles are reported where they close. */
  #depthOf(name: string, path: readonly string[] = []): number {
    const known = this.#depths.get(name);
    if (known !== undefined) return known;
    let depth = 0;
    for (const rule of this.#rules.get(name) ?? []) {
      if (rule.target === null || isBuiltIn(rule.target)) continue;
      const here = [...path, name];
      if (here.includes(rule.target))
        this.#complain(rule, `the jump closes a circle: ${[...here, rule.target].join(' -> ')}`);
      else depth = Math.max(depth, 1 + this.#depthOf(rule.target, here));
    }
    this.#depths.set(name, depth);
    if (depth === MAX_DEPTH + 1)
      this.#complain(this.#rules.get(name)![0]!, `subtables jump more than ${MAX_DEPTH} deep from here`);
    return depth;
  }

  #complain(rule: PlacedRule | null, message: string): void {
    if (!this.#problems.some((one) => one.rule === rule?.id && one.message === message))
      this.#problems.push({ rule: rule?.id ?? null, set: null, message });
  }
}

function isBuiltIn(target: string | null): target is string {
  return target !== null && Object.hasOwn(TARGETS, target);
}
