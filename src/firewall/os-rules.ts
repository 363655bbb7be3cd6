import { checkRule } from './grammar/rule.ts';
import { TARGETS } from './grammar/targets.ts';
import type { FirewallModel } from './model.ts';
import type { Resolution } from './resolve.ts';

/** What a rule becomes in the engine, whose positions count per table. */
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

const anything = { hasSet: () => true, hasSubtable: () => true };

/** For every rule that is in force: where it stands in the engine. */
export function osRules(model: FirewallModel, { rules }: Resolution): Map<string, OsRule[]> {
  const next = new Map<string, number>();
  const result = new Map<string, OsRule[]>();
  for (const rule of [...model.rules, ...model.subtables.flatMap((table) => table.rules)]) {
    const resolved = rules.get(rule.id);
    if (rule.disabled || !resolved?.words) continue;
    const { target } = checkRule(resolved.table, resolved.words, anything);
    const type = target !== null && Object.hasOwn(TARGETS, target) ? TARGETS[target]!.places[0]! : 'filter';
    const natTable = resolved.table === 'PREROUTING' && type === 'filter' ? 'mangle' : type;
    const size = sizeOf(resolved.words);
    const key = `${natTable} ${resolved.table}`;
    const position = next.get(key) ?? 0;
    next.set(key, position + size);
    const end_position = position + size - 1;
    const { table, text } = resolved;
    result.set(rule.id, [{ rule: text, position, table, rule_type: natTable, size, end_position }]);
  }
  return result;
}
