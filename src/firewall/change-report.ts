import type { FirewallCheck } from '../desired/firewall.ts';
import type { FirewallModel, Rule } from './model.ts';

/** What a change does, or would do. */
export interface ChangeReport {
  readonly changes: readonly string[];
  readonly problems: readonly string[];
  readonly tests: readonly { name: string; expect: string; got: string | null; detail: string }[];
  /** Live flows that pass now and would be cut. Only a dry run looks for them. */
  readonly cut: readonly string[];
}

export function describeChange(
  before: FirewallModel,
  after: FirewallModel,
  check: FirewallCheck | null,
): ChangeReport {
  return {
    changes: [
      ...ruleChanges(before, after),
      ...listChanges('group', before.groups, after.groups),
      ...listChanges('set', before.sets, after.sets),
      ...listChanges('subtable', before.subtables, after.subtables),
      ...listChanges('variable', before.variables, after.variables),
      ...listChanges('test', before.tests, after.tests),
      ...(['sealed', 'clientsMayManage'] as const)
        .filter((key) => before.settings[key] !== after.settings[key])
        .map((key) => `${key}: ${before.settings[key]} -> ${after.settings[key]}`),
    ],
    problems: (check?.problems ?? []).map(({ rule, set, message }) => {
      const text = after.rules.find(({ id }) => id === rule)?.text ?? (set === null ? null : `set ${set}`);
      return text === null ? message : `${message}, in ${text}`;
    }),
    tests: (check?.tests ?? []).map(({ name, got, detail }) => ({
      name,
      expect: after.tests.find((test) => test.name === name)?.expect ?? '',
      got,
      detail,
    })),
    cut: check?.cut ?? [],
  };
}

const shown = (rule: Rule): string => `${rule.text}${rule.disabled ? ' (disabled)' : ''}`;

function ruleChanges(before: FirewallModel, after: FirewallModel): string[] {
  const old = new Map(before.rules.map((rule) => [rule.id, rule]));
  const now = new Set(after.rules.map(({ id }) => id));
  const changes = before.rules.filter(({ id }) => !now.has(id)).map((rule) => `- ${shown(rule)}`);
  for (const rule of after.rules) {
    const was = old.get(rule.id);
    if (!was) changes.push(`+ ${shown(rule)}`);
    else if (shown(was) !== shown(rule)) changes.push(`${shown(was)} -> ${shown(rule)}`);
  }
  const order = (rules: readonly Rule[], others: { has(id: string): boolean }) =>
    rules.filter(({ id }) => others.has(id)).map(({ id }) => id);
  const [from, to] = [order(before.rules, now), order(after.rules, old)];
  if (from.some((id, at) => id !== to[at])) changes.push('the order of rules changes');
  return changes;
}

function listChanges<T extends { name: string }>(
  what: string,
  before: readonly T[],
  after: readonly T[],
): string[] {
  const named = (list: readonly T[]) => new Map(list.map((item) => [item.name, item]));
  const [old, now] = [named(before), named(after)];
  return [
    ...before.filter(({ name }) => !now.has(name)).map(({ name }) => `- ${what} ${name}`),
    ...after.filter(({ name }) => !old.has(name)).map(({ name }) => `+ ${what} ${name}`),
    ...after
      .filter((item) => old.has(item.name) && old.get(item.name) !== item)
      .map(({ name }) => `${what} ${name} changes`),
  ];
}
