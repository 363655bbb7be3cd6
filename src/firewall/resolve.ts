import type { DesiredFirewall, DesiredRule, DesiredSet } from '../desired/firewall.ts';
import { printable } from '../errors/printable.ts';
import { expand } from '../variables/expand.ts';
import { readEntry } from './entry-text.ts';
import { tableOf } from './grammar/names.ts';
import { checkRule, ruleText, type Scope } from './grammar/rule.ts';
import { RuleError } from './grammar/rule-error.ts';
import { tokenise } from './grammar/tokenise.ts';
import { type FirewallModel, type FwSet, type Rule, type SetEntry, sameName } from './model.ts';
import { spellOutSets } from './set-words.ts';

/** What a rule comes to now. `words` is null when it cannot be in force, and `errors` says why. */
export interface ResolvedRule {
  readonly table: string;
  readonly text: string;
  readonly words: readonly string[] | null;
  readonly errors: readonly string[];
}

export interface ResolvedEntry {
  readonly words: readonly string[];
  readonly errors: readonly string[];
  /** Name that is looked up for this entry. */
  readonly host: string | null;
}

/** Something that is wrong with the model as it is now, told with the thing that it is wrong with. */
export interface Problem {
  readonly kind: 'rule' | 'set';
  /** Id of the rule, or name of the set. */
  readonly of: string;
  readonly text: string;
  readonly why: string;
  /** A disabled rule hurts nobody. */
  readonly harmless: boolean;
}

export interface Resolution {
  readonly rules: ReadonlyMap<string, ResolvedRule>;
  readonly entries: ReadonlyMap<SetEntry, ResolvedEntry>;
  readonly problems: readonly Problem[];
  readonly hosts: readonly string[];
  /** When variables and names were put in. */
  readonly at: number;
  readonly desired: DesiredFirewall;
}

export interface World {
  readonly now: number;
  readonly values: ReadonlyMap<string, string>;
  /** Last good answer for a name; empty while there was none. */
  addressesOf(host: string): readonly string[];
}

/** The model as the applier is to have it: variables and names put in, and without what cannot be in force. */
export function resolve(model: FirewallModel, world: World): Resolution {
  const problems: Problem[] = [];
  const hosts = new Set<string>();
  const entries = new Map<SetEntry, ResolvedEntry>();
  const sets = model.sets.map((set) => resolveSet(set, model, world, { entries, problems, hosts }));
  const rules = new Map<string, ResolvedRule>();
  const names = namesOf(model);
  const desiredRules: DesiredRule[] = [];
  const take = (rule: Rule, subtable: string | null) => {
    const resolved = resolveRule(rule, subtable, names, world);
    rules.set(rule.id, resolved);
    for (const why of resolved.errors)
      problems.push({ kind: 'rule', of: rule.id, text: rule.text, why, harmless: rule.disabled });
    if (resolved.words && !rule.disabled)
      desiredRules.push({ id: rule.id, table: resolved.table, words: [...resolved.words] });
  };
  for (const rule of model.rules) take(rule, null);
  for (const table of model.subtables) for (const rule of table.rules) take(rule, table.name);
  return {
    rules,
    entries,
    problems,
    hosts: [...hosts],
    at: world.now,
    desired: {
      ...model.settings,
      subtables: model.subtables.map(({ name }) => name),
      sets,
      rules: desiredRules,
    },
  };
}

/** What the names in rules can mean: looked up for each rule, so made once for all of them. */
interface Names extends Scope {
  typeOf(set: string): string | null;
}

function namesOf(model: FirewallModel): Names {
  const sets = new Map(model.sets.map(({ name, type }) => [name, type]));
  const subtables = new Set(model.subtables.map(({ name }) => name));
  return {
    hasSet: (name) => sets.has(name),
    hasSubtable: (name) => subtables.has(name),
    typeOf: (name) => sets.get(name) ?? null,
  };
}

function resolveRule(rule: Rule, subtable: string | null, names: Names, world: World): ResolvedRule {
  const { text, unknown } = expand(rule.text, world.values);
  const fail = (...errors: string[]): ResolvedRule => {
    const first = text.split(/\s/, 1)[0]!;
    return { table: subtable ?? tableOf(first) ?? first, text, words: null, errors };
  };
  if (unknown.length > 0) return fail(...unknown.map(unknownVariable));
  try {
    const [first = '', ...rest] = tokenise(text);
    if (subtable !== null && first !== subtable) return fail(`must start with name of subtable ${subtable}`);
    const table = subtable ?? tableOf(first);
    if (table === null) return fail(`${JSON.stringify(printable(first))} is not the name of a table`);
    const words = spellOutSets(rest, (name) => names.typeOf(name));
    checkRule(table, words, names);
    return { table, text: ruleText({ table: first, words }), words, errors: [] };
  } catch (error) {
    if (error instanceof RuleError) return fail(error.message);
    throw error;
  }
}

export const unknownVariable = (name: string): string => `there is no variable \${${printable(name)}}`;

interface Collected {
  readonly entries: Map<SetEntry, ResolvedEntry>;
  readonly problems: Problem[];
  readonly hosts: Set<string>;
}

function resolveSet(set: FwSet, model: FirewallModel, world: World, all: Collected): DesiredSet {
  const words = new Set<string>();
  for (const entry of set.entries) {
    const resolved = resolveEntry(set, entry, model, world);
    all.entries.set(entry, resolved);
    if (resolved.host) all.hosts.add(resolved.host);
    for (const why of resolved.errors)
      all.problems.push({ kind: 'set', of: set.name, text: entry.entry, why, harmless: false });
    for (const each of resolved.words) words.add(each);
  }
  return { name: set.name, type: set.type, entries: [...words] };
}

function resolveEntry(set: FwSet, entry: SetEntry, model: FirewallModel, world: World): ResolvedEntry {
  const { text, unknown } = expand(entry.entry, world.values);
  if (unknown.length > 0) return { words: [], errors: unknown.map(unknownVariable), host: null };
  // A variable may hold several values; written by hand, a comma separates the parts of a service.
  const parts =
    text === entry.entry || set.type === 'service' ? [text] : text.split(',').map((part) => part.trim());
  const words: string[] = [];
  const errors: string[] = [];
  let host: string | null = null;
  for (const part of parts) {
    const name = set.type === 'list' ? (memberOf(model, part)?.name ?? part) : part;
    const read = readEntry(set.type, name, (each) => memberOf(model, each) !== null);
    if (read.kind === 'invalid') errors.push(read.why);
    else if (read.kind === 'word') words.push(read.word);
    else {
      host = read.host;
      words.push(...world.addressesOf(host).map((address) => `${address}${read.suffix}`));
    }
  }
  return { words, errors, host };
}

/** A list holds sets that are no lists themselves. */
function memberOf(model: FirewallModel, name: string): FwSet | null {
  const set = model.sets.find((each) => sameName(each.name, name));
  return set && set.type !== 'list' ? set : null;
}
