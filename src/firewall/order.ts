import type { Rule } from './model.ts';

/**
 * Puts a rule in front of the one that now has the position; -1 and positions beyond the end append. Clients create
 * rules with positions 0 to n in parallel and so out of order: a rule that could not get its place yet remembers it,
 * and rules that come later and belong in front of it go there. In whatever order they arrive, the list ends up sorted.
 */
export function insertAt(rules: readonly Rule[], rule: Rule, position: number): readonly Rule[] {
  if (position < 0 || !Number.isFinite(position)) return [...rules, { ...rule, wanted: null }];
  let at = Math.min(position, rules.length);
  while (at > 0 && (rules[at - 1]!.wanted ?? -1) > position) at--;
  return settle(rules.toSpliced(at, 0, { ...rule, wanted: position }));
}

/** Puts all of `added` in a row. */
export function insertAll(rules: readonly Rule[], added: readonly Rule[], position: number): readonly Rule[] {
  return added.reduce(
    (list, rule, offset) => insertAt(list, rule, position < 0 ? -1 : position + offset),
    rules,
  );
}

export function moveTo(rules: readonly Rule[], id: string, position: number): readonly Rule[] {
  const rule = rules.find((each) => each.id === id);
  if (!rule) return rules;
  return insertAt(
    rules.filter((each) => each.id !== id),
    rule,
    position,
  );
}

/** A rule that has arrived where it wanted to be wants nothing any more. */
function settle(rules: readonly Rule[]): readonly Rule[] {
  return rules.map((rule, at) =>
    rule.wanted !== null && rule.wanted <= at ? { ...rule, wanted: null } : rule,
  );
}

/** Where in the whole list something has to go in order to be at a position among the rules that are enabled. */
export function placeOf(rules: readonly Rule[], position: number): number {
  if (position < 0) return -1;
  const enabled = rules.filter(({ disabled }) => !disabled);
  const follower = enabled[position];
  return follower ? rules.indexOf(follower) : rules.length + position - enabled.length;
}
