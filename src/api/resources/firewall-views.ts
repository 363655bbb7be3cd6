import { type Static, Type } from 'typebox';
import { membersOf } from '../../firewall/edit-groups.ts';
import type { FirewallService } from '../../firewall/firewall-service.ts';
import type { FwSet, Group, Rule, Subtable } from '../../firewall/model.ts';
import { osRules } from '../../firewall/os-rules.ts';

/** The wire forms of firewall 2.0. Typed clients read each of these keys, and time stamps as RFC 3339 with a zone. */
const OsRule = Type.Object({
  rule: Type.String(),
  position: Type.Integer(),
  table: Type.String(),
  rule_type: Type.String(),
  size: Type.Integer(),
  end_position: Type.Integer(),
});

export const WireRule = Type.Object({
  id: Type.String(),
  rule: Type.String({ description: 'As it was written' }),
  rule_resolved: Type.String({ description: 'With variables and sets put in' }),
  table: Type.String(),
  position: Type.Integer(),
  comment: Type.String(),
  last_resolved: Type.String(),
  disabled: Type.Boolean(),
  created_at: Type.String(),
  groups: Type.Array(Type.String()),
  os_rules: Type.Array(OsRule),
  errors: Type.Optional(Type.Array(Type.String(), { description: 'Why it is not in force now' })),
});
export type WireRule = Static<typeof WireRule>;

export const WireGroup = Type.Object({
  name: Type.String(),
  description: Type.String(),
  rules: Type.Array(Type.String()),
  size: Type.Integer(),
  sync_mesh: Type.Optional(Type.Boolean()),
});

export const WireSet = Type.Object({
  name: Type.String(),
  description: Type.String(),
  created_at: Type.String(),
  updated_at: Type.String(),
  type: Type.String(),
  size: Type.Integer(),
  sync_mesh: Type.Boolean(),
  entries: Type.Array(
    Type.Object({
      entry: Type.String(),
      comment: Type.String(),
      entry_resolved: Type.String(),
      last_resolved: Type.String(),
      created_at: Type.String(),
    }),
  ),
  errors: Type.Optional(Type.Array(Type.String())),
});

export const WireSubtable = Type.Object({
  name: Type.String(),
  description: Type.String(),
  type: Type.String(),
  size: Type.Integer(),
  created_at: Type.String(),
  updated_at: Type.String(),
  rules: Type.Array(
    Type.Object({
      id: Type.String(),
      rule: Type.String(),
      rule_resolved: Type.String(),
      position: Type.Integer(),
      comment: Type.String(),
      disabled: Type.Boolean(),
      os_rules: Type.Array(OsRule),
    }),
  ),
});

const iso = (ms: number): string => new Date(ms).toISOString();

/** All rules in their order. Made together, because positions in the engine count from the first one. */
export function rulesView(firewall: FirewallService): WireRule[] {
  const { model } = firewall;
  const resolution = firewall.resolution();
  const os = osRules(resolution);
  return model.rules.map((rule, position) => {
    const { text, table, errors } = resolution.rules.get(rule.id)!;
    return {
      id: rule.id,
      rule: rule.text,
      rule_resolved: text,
      table,
      position,
      comment: rule.comment,
      last_resolved: iso(resolution.at),
      disabled: rule.disabled,
      created_at: iso(rule.createdAt),
      groups: [...rule.groups],
      os_rules: [...(os.get(rule.id) ?? [])],
      ...(errors.length > 0 && { errors: [...errors] }),
    };
  });
}

/** Some of the rules, in the order of `ids`. */
export function someRules(firewall: FirewallService, rules: readonly Rule[]): WireRule[] {
  const views = new Map(rulesView(firewall).map((view) => [view.id, view]));
  return rules.map(({ id }) => views.get(id)!);
}

export function groupView(firewall: FirewallService, group: Group): Static<typeof WireGroup> {
  const rules = membersOf(firewall.model, group).map(({ id }) => id);
  const { name, description, syncMesh } = group;
  return { name, description, rules, size: rules.length, ...(syncMesh && { sync_mesh: true }) };
}

export function setView(firewall: FirewallService, set: FwSet): Static<typeof WireSet> {
  const { entries } = firewall.resolution();
  const problems = set.entries.flatMap((entry) =>
    (entries.get(entry)?.errors ?? []).map((why) => `${entry.entry}: ${why}`),
  );
  return {
    name: set.name,
    description: set.description,
    created_at: iso(set.createdAt),
    updated_at: iso(set.updatedAt),
    type: set.type,
    size: set.entries.length,
    sync_mesh: set.syncMesh,
    entries: set.entries.map((entry) => {
      const resolved = entries.get(entry);
      const lookedUp = resolved?.host ? firewall.lookedUp(resolved.host) : null;
      return {
        entry: entry.entry,
        comment: entry.comment,
        entry_resolved: resolved?.words.join(',') ?? '',
        last_resolved: iso(lookedUp ?? entry.createdAt),
        created_at: iso(entry.createdAt),
      };
    }),
    ...(problems.length > 0 && { errors: problems }),
  };
}

export function subtableView(firewall: FirewallService, table: Subtable): Static<typeof WireSubtable> {
  const resolution = firewall.resolution();
  const os = osRules(resolution);
  return {
    name: table.name,
    description: table.description,
    type: table.type,
    size: table.rules.length,
    created_at: iso(table.createdAt),
    updated_at: iso(table.updatedAt),
    rules: table.rules.map(({ id, text, comment, disabled }, position) => ({
      id,
      rule: text,
      rule_resolved: resolution.rules.get(id)?.text ?? text,
      position,
      comment,
      disabled,
      os_rules: [...(os.get(id) ?? [])],
    })),
  };
}
