import { invalid, MeshwrightError } from '../errors/catalogue.ts';
import { parseComment, ruleOf } from './edit-rules.ts';
import { type FirewallModel, type Group, type Rule, sameName } from './model.ts';

export interface GroupInput {
  readonly name: string;
  readonly description?: string | undefined;
  readonly ruleIds?: readonly string[] | undefined;
  readonly syncMesh?: boolean | undefined;
}

type Edit = (model: FirewallModel) => FirewallModel;

const NAME = /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$/;

export function addGroup(input: GroupInput): Edit {
  return (model) => {
    const name = parseName(input.name);
    if (model.groups.some((group) => sameName(group.name, name)))
      throw new MeshwrightError('RULE_GROUP_EXISTS', { name });
    const group: Group = {
      name,
      description: parseComment(input.description ?? '', 'description'),
      syncMesh: input.syncMesh ?? false,
    };
    return withMembers({ ...model, groups: [...model.groups, group] }, name, input.ruleIds ?? []);
  };
}

export function changeGroup(name: string, input: Partial<GroupInput>): Edit {
  return (model) => {
    const group = groupOf(model, name);
    const renamed = input.name === undefined ? group.name : parseName(input.name);
    if (model.groups.some((other) => other !== group && sameName(other.name, renamed)))
      throw new MeshwrightError('RULE_GROUP_EXISTS', { name: renamed });
    const next: Group = {
      name: renamed,
      description:
        input.description === undefined ? group.description : parseComment(input.description, 'description'),
      syncMesh: input.syncMesh ?? group.syncMesh,
    };
    const moved = mapRules(
      { ...model, groups: model.groups.map((each) => (each === group ? next : each)) },
      (rule) =>
        rule.groups.includes(group.name)
          ? { ...rule, groups: rule.groups.map((each) => (each === group.name ? renamed : each)) }
          : rule,
    );
    return input.ruleIds === undefined ? moved : withMembers(moved, renamed, input.ruleIds);
  };
}

/** The group goes, its rules stay. */
export function removeGroup(name: string): Edit {
  return (model) => {
    const group = groupOf(model, name);
    return mapRules({ ...model, groups: model.groups.filter((each) => each !== group) }, (rule) =>
      rule.groups.includes(group.name)
        ? { ...rule, groups: rule.groups.filter((each) => each !== group.name) }
        : rule,
    );
  };
}

export function addToGroup(name: string, ruleId: string): Edit {
  return (model) => {
    const group = groupOf(model, name);
    ruleOf(model, ruleId);
    return mapRules(model, (rule) =>
      rule.id === ruleId && !rule.groups.includes(group.name)
        ? { ...rule, groups: [...rule.groups, group.name] }
        : rule,
    );
  };
}

export function groupOf(model: FirewallModel, name: string): Group {
  const group = model.groups.find((each) => sameName(each.name, name));
  if (!group) throw new MeshwrightError('RULE_GROUP_MISSING', { name });
  return group;
}

export const membersOf = (model: FirewallModel, group: Group): readonly Rule[] =>
  model.rules.filter((rule) => rule.groups.includes(group.name));

function withMembers(model: FirewallModel, name: string, ids: readonly string[]): FirewallModel {
  for (const id of ids) ruleOf(model, id);
  const wanted = new Set(ids);
  return mapRules(model, (rule) => {
    const isIn = rule.groups.includes(name);
    if (wanted.has(rule.id) === isIn) return rule;
    return { ...rule, groups: isIn ? rule.groups.filter((each) => each !== name) : [...rule.groups, name] };
  });
}

const mapRules = (model: FirewallModel, change: (rule: Rule) => Rule): FirewallModel => ({
  ...model,
  rules: model.rules.map(change),
});

function parseName(name: string): string {
  if (!NAME.test(name))
    throw invalid('name', 'must be 1 to 64 letters, digits, spaces, dots, hyphens or underscores', name);
  return name;
}
