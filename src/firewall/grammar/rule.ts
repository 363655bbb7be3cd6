import { BASE_OPTIONS, MATCHES, type Option, PROTOCOL_MODULES } from './matches.ts';
import { isTable, RESERVED_NAMES, SUBTABLE_NAME, type Table, tableOf } from './names.ts';
import { RuleError } from './rule-error.ts';
import { TARGETS } from './targets.ts';
import { checkedWord, joinWords, tokenise } from './tokenise.ts';
import type { Family } from './values.ts';

/** The names that a rule may use besides the words of the language. */
export interface Scope {
  hasSubtable(name: string): boolean;
  hasSet(name: string): boolean;
}

/** A rule that the engine may see: every word was found in the allow-list. */
export interface Rule {
  /** One of the five tables, or a subtable. */
  readonly table: string;
  /** All that follows the table. */
  readonly words: readonly string[];
  /** The families that it is for: `both` unless a word belongs to one of them. */
  readonly family: Family;
  /** The word after -j or -g: a target or a subtable; null for a rule that only counts. */
  readonly target: string | null;
  /** The sets that it looks into. */
  readonly sets: readonly string[];
}

/**
 * Reads one line: an iptables rule without `-A`, which begins with its table (INPUT or INPUT_CUST) or subtable. Throws a
 * RuleError that names the word at which it stops being a rule.
 */
export function parseRule(line: string, scope: Scope): Rule {
  const [first, ...words] = tokenise(line);
  if (first === undefined) throw new RuleError(null, 'the rule is empty');
  const table = tableOf(first) ?? (isSubtable(first, scope) ? first : null);
  if (table === null) {
    throw new RuleError(
      first,
      'is neither a table (PREROUTING, INPUT, FORWARD, OUTPUT, POSTROUTING) nor a subtable',
    );
  }
  return checkRule(table, words, scope);
}

/** The line that `parseRule` reads back as the same rule. */
export function ruleText({ table, words }: Pick<Rule, 'table' | 'words'>): string {
  return joinWords([table, ...words]);
}

/** The same check for a rule that comes as words. The border between controller and applier uses it again. */
export function checkRule(table: string, words: readonly string[], scope: Scope): Rule {
  if (!isTable(table) && !isSubtable(table, scope)) throw new RuleError(table, 'is no table');
  if (words.length === 0) throw new RuleError(null, `the rule says nothing after ${table}`);
  if (words.length > 128) throw new RuleError(null, 'the rule has more than 128 words');
  return new Reader(table, words, scope).read();
}

function isSubtable(name: string, scope: Scope): boolean {
  return SUBTABLE_NAME.test(name) && !RESERVED_NAMES.has(name) && scope.hasSubtable(name);
}

/** Options that a system table's packets cannot have: there is no such interface yet, or no longer. */
const MEANINGLESS: Readonly<Record<Table, readonly string[]>> = {
  PREROUTING: ['-o', '--out-interface'],
  INPUT: ['-o', '--out-interface'],
  FORWARD: [],
  OUTPUT: ['-i', '--in-interface', '--mac-source'],
  POSTROUTING: ['-i', '--in-interface', '--mac-source'],
};

/** Reads the words in the order in which iptables would, with the same idea of which module an option belongs to. */
class Reader {
  readonly #table: string;
  readonly #words: readonly string[];
  readonly #scope: Scope;
  #next = 0;
  #family: Family = 'both';
  #target: string | null = null;
  #targetOptions: Readonly<Record<string, Option>> = {};
  /** Newest first: an option that two modules have belongs to the one that was named last. */
  #modules: Readonly<Record<string, Option>>[] = [];
  #implied: Readonly<Record<string, Option>> = {};
  readonly #seen = new Set<string>();
  readonly #sets: string[] = [];

  constructor(table: string, words: readonly string[], scope: Scope) {
    this.#table = table;
    this.#words = words;
    this.#scope = scope;
  }

  read(): Rule {
    while (this.#next < this.#words.length) this.#readOption();
    this.#checkTarget();
    return {
      table: this.#table,
      words: this.#words,
      family: this.#family,
      target: this.#target,
      sets: this.#sets,
    };
  }

  #readOption(): void {
    const isNegated = this.#peek() === '!';
    if (isNegated) this.#take();
    const name = this.#takeAfter(isNegated ? '!' : null);
    if (!name.startsWith('-')) throw new RuleError(name, 'stands where an option is expected');
    if (isTable(this.#table) && MEANINGLESS[this.#table].includes(name)) {
      throw new RuleError(name, `means nothing in ${this.#table}`);
    }
    const refuseNegation = () => {
      if (isNegated) throw new RuleError(name, 'cannot stand after !');
    };
    switch (name) {
      case '-m':
      case '--match':
        refuseNegation();
        this.#readModule(name);
        return;
      case '-j':
      case '--jump':
      case '-g':
      case '--goto':
        refuseNegation();
        this.#readTarget(name);
        return;
      case '-4':
      case '--ipv4':
      case '-6':
      case '--ipv6':
        refuseNegation();
        this.#bind(name.endsWith('4') ? 'v4' : 'v6', name);
        return;
    }
    const targetOption = lookUp(this.#targetOptions, name);
    if (targetOption) {
      refuseNegation();
      this.#readValues(name, targetOption);
    } else this.#readValues(name, this.#matchOption(name), isNegated);
    this.#seen.add(name);
  }

  #matchOption(name: string): Option {
    for (const options of [BASE_OPTIONS, ...this.#modules, this.#implied]) {
      const option = lookUp(options, name);
      if (option) return option;
    }
    const owners = Object.entries(MATCHES).filter(([, { options }]) => lookUp(options, name));
    if (owners.length > 0) throw new RuleError(name, `needs -m ${owners[0]![0]} (or its -p) before it`);
    const targets = Object.entries(TARGETS).filter(([, { options }]) => lookUp(options, name));
    if (targets.length > 0) throw new RuleError(name, `needs -j ${targets[0]![0]} before it`);
    throw new RuleError(name, 'is not an option that rules may use');
  }

  #readModule(option: string): void {
    const name = this.#takeAfter(option);
    const module = lookUp(MATCHES, name);
    if (!module) throw new RuleError(name, 'is not a match that rules may use');
    this.#bind(module.family, name);
    this.#modules = [module.options, ...this.#modules];
  }

  #readTarget(option: string): void {
    const name = this.#takeAfter(option);
    if (this.#target !== null) throw new RuleError(name, `is a second target beside ${this.#target}`);
    const target = lookUp(TARGETS, name);
    const isJump = option === '-j' || option === '--jump';
    if (target && !isJump) throw new RuleError(name, `is a target: ${option} goes to subtables only`);
    if (target && isTable(this.#table) && !target.tables.includes(this.#table)) {
      throw new RuleError(name, `cannot be used in ${this.#table}, only in ${target.tables.join(', ')}`);
    }
    if (!target && !isSubtable(name, this.#scope)) {
      throw new RuleError(name, 'is neither a target that rules may use nor a subtable');
    }
    if (name === this.#table) throw new RuleError(name, 'jumps to itself');
    this.#target = name;
    this.#targetOptions = target?.options ?? {};
  }

  #readValues(name: string, { values }: Option, isNegated = false): void {
    for (const value of values) {
      const word = checkedWord(this.#takeAfter(name));
      if (value === 'set') {
        if (!this.#scope.hasSet(word)) throw new RuleError(word, 'is not a set of this firewall');
        this.#sets.push(word);
        continue;
      }
      const family = value.check(word);
      if (!family) throw new RuleError(word, `is not what ${name} takes: ${value.what}`);
      if (isNegated && word.includes(',') && BASE_OPTIONS[name]) {
        throw new RuleError(word, `is a list, and ! ${name} takes one address only`);
      }
      this.#bind(family, word);
      if (name === '-p' || name.startsWith('--proto')) this.#imply(word, isNegated);
    }
  }

  #imply(protocol: string, isNegated: boolean): void {
    const module = isNegated ? undefined : lookUp(PROTOCOL_MODULES, protocol);
    if (module) this.#implied = MATCHES[module]!.options;
  }

  #bind(family: Family, word: string): void {
    if (family === 'both' || family === this.#family) return;
    if (this.#family !== 'both') throw new RuleError(word, 'mixes IPv4 and IPv6 in one rule');
    this.#family = family;
  }

  /** What an allow-list of single options cannot say. */
  #checkTarget(): void {
    const has = (...names: string[]) => names.some((name) => this.#seen.has(name));
    if (
      this.#target === 'CONNMARK' &&
      has('--save-mark', '--restore-mark') &&
      !(has('--nfmask') && has('--ctmask'))
    ) {
      throw new RuleError('CONNMARK', 'needs both --nfmask and --ctmask to copy a mark');
    }
    // The engine takes the short --to for both of the long names, but not one beside the other.
    const needs: Readonly<Record<string, readonly string[]>> = {
      SNAT: ['--to-source', '--to'],
      DNAT: ['--to-destination', '--to'],
      NETMAP: ['--to'],
    };
    const needed = this.#target === null ? undefined : lookUp(needs, this.#target);
    if (needed && !has(...needed)) throw new RuleError(this.#target, `needs ${needed[0]}`);
    if (needed?.every((name) => has(name)) && needed.length > 1)
      throw new RuleError('--to', `says again what ${needed[0]} has said`);
    for (const name of ['--save-mark', '--restore-mark', '--set-mark', '--set-xmark']) {
      if (has(name) && has('--or-mark', '--xor-mark'))
        throw new RuleError(name, 'cannot stand with a second operation');
    }
  }

  #peek(): string | undefined {
    return this.#words[this.#next];
  }

  #take(): string {
    return checkedWord(this.#words[this.#next++]!);
  }

  #takeAfter(option: string | null): string {
    if (this.#next >= this.#words.length)
      throw new RuleError(option, 'is the last word and needs one more after it');
    return this.#take();
  }
}

/** Own members only: `constructor` and its like are no options. */
function lookUp<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
