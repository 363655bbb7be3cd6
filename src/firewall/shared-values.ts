import type { SharedGroup, SharedSet, SharedVariable } from '../mesh/shared-schema.ts';
import { membersOf } from './edit-groups.ts';
import { type FirewallModel, type FwSet, type Rule, sameName } from './model.ts';
import type { ItemKind, ItemRecord } from './shared-items.ts';

type Value<K extends ItemKind> = NonNullable<ItemRecord<K>['value']>;
type Edit = (model: FirewallModel) => FirewallModel;

/** How one kind of thing gets into a record and out of it again. */
export interface Sharing<K extends ItemKind> {
  readonly kind: K;
  readonly word: string;
  /** What is shared of the model. */
  values(model: FirewallModel): { name: string; value: Value<K> }[];
  /** The thing as another member has it; what was here under the name is overwritten. */
  put(name: string, value: Value<K>): Edit;
  /** Another member took it back. */
  drop(name: string): Edit;
  /** The same, but it is kept as this controller's own. */
  keep(name: string): Edit;
}

export const sharedSets: Sharing<'firewallSets'> = {
  kind: 'firewallSets',
  word: 'Set',
  values: ({ sets }) =>
    sets
      .filter(({ syncMesh }) => syncMesh)
      .map(({ name, type, description, entries }) => ({
        name,
        value: {
          type,
          description,
          entries: entries.map(({ entry, comment }) => ({ entry, comment })),
        } satisfies SharedSet,
      })),
  put: (name, value) => (model) => {
    const own = model.sets.find((set) => sameName(set.name, name));
    const now = Date.now();
    const known = new Map(own?.entries.map((entry) => [entry.entry, entry]));
    const set: FwSet = {
      name: own?.name ?? name,
      type: value.type,
      description: value.description,
      syncMesh: true,
      createdAt: own?.createdAt ?? now,
      updatedAt: now,
      entries: value.entries.map((entry) => ({
        ...entry,
        createdAt: known.get(entry.entry)?.createdAt ?? now,
      })),
    };
    return { ...model, sets: own ? replace(model.sets, own, set) : [...model.sets, set] };
  },
  drop: (name) => (model) => ({ ...model, sets: model.sets.filter((set) => !sameName(set.name, name)) }),
  keep: (name) => (model) => ({
    ...model,
    sets: model.sets.map((set) => (sameName(set.name, name) ? { ...set, syncMesh: false } : set)),
  }),
};

export const sharedVariables: Sharing<'firewallVariables'> = {
  kind: 'firewallVariables',
  word: 'Variable',
  values: ({ variables }) =>
    variables
      .filter(({ syncMesh }) => syncMesh)
      .map(({ name, value, description }) => ({
        name,
        value: { value, description } satisfies SharedVariable,
      })),
  put: (name, value) => (model) => {
    const own = model.variables.find((each) => sameName(each.name, name));
    const variable = { name: own?.name ?? name, ...value, syncMesh: true };
    return {
      ...model,
      variables: own ? replace(model.variables, own, variable) : [...model.variables, variable],
    };
  },
  drop: (name) => (model) => ({
    ...model,
    variables: model.variables.filter((each) => !sameName(each.name, name)),
  }),
  keep: (name) => (model) => ({
    ...model,
    variables: model.variables.map((each) =>
      sameName(each.name, name) ? { ...each, syncMesh: false } : each,
    ),
  }),
};

export const sharedGroups: Sharing<'firewallGroups'> = {
  kind: 'firewallGroups',
  word: 'Rules group',
  values: (model) =>
    model.groups
      .filter(({ syncMesh }) => syncMesh)
      .map((group) => ({
        name: group.name,
        value: {
          description: group.description,
          rules: membersOf(model, group).map(({ id, text, comment, disabled }) => ({
            id,
            text,
            comment,
            disabled,
          })),
        } satisfies SharedGroup,
      })),
  put: (name, value) => (model) => putGroup(model, name, value),
  drop: (name) => (model) => ({
    ...model,
    groups: model.groups.filter((group) => !sameName(group.name, name)),
    rules: model.rules.filter((rule) => !rule.groups.some((each) => sameName(each, name))),
  }),
  keep: (name) => (model) => ({
    ...model,
    groups: model.groups.map((group) => (sameName(group.name, name) ? { ...group, syncMesh: false } : group)),
  }),
};

/** A synced group is one block of rules. It stays where its first rule stands here; a new one comes last. */
function putGroup(model: FirewallModel, name: string, value: SharedGroup): FirewallModel {
  const own = model.groups.find((group) => sameName(group.name, name));
  const label = own?.name ?? name;
  const ids = new Set(value.rules.map(({ id }) => id));
  const known = new Map(model.rules.map((rule) => [rule.id, rule]));
  const isMember = (rule: Rule) => rule.groups.includes(label);
  // Rules that stood in a group of this name before it was shared are this controller's own and stay.
  const stays = (rule: Rule) => !ids.has(rule.id) && (!isMember(rule) || own?.syncMesh !== true);
  const first = model.rules.findIndex((rule) => ids.has(rule.id) || (isMember(rule) && own?.syncMesh));
  const before = (first < 0 ? model.rules : model.rules.slice(0, first)).filter(stays);
  const after = (first < 0 ? [] : model.rules.slice(first)).filter(stays);
  const unlabelled = (rule: Rule): Rule =>
    isMember(rule) ? { ...rule, groups: rule.groups.filter((each) => each !== label) } : rule;
  const block = value.rules.map(({ id, text, comment, disabled }): Rule => {
    const old = known.get(id);
    const groups = [...new Set([...(old?.groups ?? []), label])];
    return { id, text, comment, disabled, groups, createdAt: old?.createdAt ?? Date.now(), wanted: null };
  });
  const group = { name: label, description: value.description, syncMesh: true };
  return {
    ...model,
    groups: own ? replace(model.groups, own, group) : [...model.groups, group],
    rules: [...before.map(unlabelled), ...block, ...after.map(unlabelled)],
  };
}

const replace = <T>(list: readonly T[], old: T, next: T): T[] =>
  list.map((each) => (each === old ? next : each));
