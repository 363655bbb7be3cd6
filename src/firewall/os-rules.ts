import { readFirewall } from './grammar/ruleset.ts';
import type { Resolution } from './resolve.ts';

/** What a rule becomes in the engine, whose positions count per chain of its tables (filter, nat, mangle). */
export interface OsRule {
  readonly rule: string;
  readonly position: number;
  readonly table: string;
  readonly rule_type: string;
  readonly size: number;
  readonly end_position: number;
}

const LISTS = ['-s', '--source', '--src', '-d', '--destination', '--dst'];

/** The engine makes one rule of each combination of listed sources and destinations. */
function sizeOf(words: readonly string[]): number {
  return words.reduce((size, word, at) => {
    const isList = LISTS.includes(words[at - 1] ?? '') && words[at - 2] !== '!';
    return isList ? size * word.split(',').length : size;
  }, 1);
}

const known = new WeakMap<Resolution, ReadonlyMap<string, readonly OsRule[]>>();

/** For every rule that is in force: where it stands in the engine. A subtable stands wherever a jump needs it. */
export function osRules(resolution: Resolution): ReadonlyMap<string, readonly OsRule[]> {
  const before = known.get(resolution);
  if (before) return before;
  const result = new Map<string, OsRule[]>();
  for (const [rule_type, chains] of readFirewall(resolution.desired).chains) {
    for (const [table, rules] of chains) {
      let position = 0;
      for (const { id, words } of rules) {
        const size = sizeOf(words);
        const rule = resolution.rules.get(id)?.text ?? words.join(' ');
        const end_position = position + size - 1;
        const place: OsRule = { rule, position, table, rule_type, size, end_position };
        result.set(id, [...(result.get(id) ?? []), place]);
        position += size;
      }
    }
  }
  known.set(resolution, result);
  return result;
}
