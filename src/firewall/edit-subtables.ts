import { invalid, MeshwrightError } from '../errors/catalogue.ts';
import { counted, parseComment, type RuleInput, renewed } from './edit-rules.ts';
import { RESERVED_NAMES, SUBTABLE_NAME, tableOf } from './grammar/names.ts';
import { type FirewallModel, type Rule, type Subtable, sameName } from './model.ts';
import { insertAll } from './order.ts';
import { chainOf } from './rule-text.ts';

export interface SubtableInput {
  readonly name: string;
  readonly type: string;
  readonly description?: string | undefined;
  readonly rules?: readonly RuleInput[] | undefined;
}

type Edit = (model: FirewallModel) => FirewallModel;

const MAX_SUBTABLES = 256;
export function addSubtable(input: SubtableInput): Edit {
  return (model) => {
    const name = parseName(input.name, model, null);
    const type = tableOf(input.type);
    if (!type) throw invalid('type', 'must be PREROUTING, INPUT, FORWARD, OUTPUT or POSTROUTING', input.type);
    if (model.subtables.length >= MAX_SUBTABLES)
      throw new MeshwrightError('SUBTABLES_TOO_MANY', { limit: MAX_SUBTABLES });
    const now = Date.now();
    const table: Subtable = {
      name,
      type,
      description: parseComment(input.description ?? '', 'description'),
      createdAt: now,
      updatedAt: now,
      rules: rulesOf(input.rules ?? [], name, model),
    };
    return counted({ ...model, subtables: [...model.subtables, table] });
  };
}

export function changeSubtable(name: string, input: Partial<SubtableInput>): Edit {
  return (model) => {
    const table = subtableOf(model, name);
    if (input.type !== undefined && tableOf(input.type) !== table.type)
      throw invalid('type', `is ${table.type} and cannot be changed; make another subtable`);
    const renamed = input.name === undefined ? table.name : parseName(input.name, model, table);
    const present = table.rules.map((rule) => ({
      ...rule,
      text: renamed + rule.text.slice(table.name.length),
    }));
    const rules = input.rules ? rulesOf(input.rules, renamed, model, present) : present;
    return put(model, table, {
      name: renamed,
      description:
        input.description === undefined ? table.description : parseComment(input.description, 'description'),
      rules,
    });
  };
}

export function addSubtableRules(name: string, inputs: readonly RuleInput[], position: number): Edit {
  return (model) => {
    const table = subtableOf(model, name);
    const added = rulesOf(inputs, table.name, model);
    return put(model, table, { rules: insertAll(table.rules, added, position) });
  };
}

/** For views that do not show disabled rules: those are not thrown away, but go to the end. */
export function replaceEnabledRules(name: string, inputs: readonly RuleInput[]): Edit {
  return (model) => {
    const table = subtableOf(model, name);
    const [off, on] = [true, false].map((which) => table.rules.filter(({ disabled }) => disabled === which));
    return put(model, table, { rules: [...rulesOf(inputs, table.name, model, on), ...off!] });
  };
}

export function removeSubtableRules(name: string, ids: readonly string[]): Edit {
  return (model) => {
    const table = subtableOf(model, name);
    for (const id of ids)
      if (!table.rules.some((rule) => rule.id === id)) throw new MeshwrightError('RULE_UNKNOWN', { id });
    return put(model, table, { rules: table.rules.filter(({ id }) => !ids.includes(id)) });
  };
}

export function removeSubtable(name: string): Edit {
  return (model) => {
    const table = subtableOf(model, name);
    return { ...model, subtables: model.subtables.filter((each) => each !== table) };
  };
}

export function subtableOf(model: FirewallModel, name: string): Subtable {
  const table = model.subtables.find((each) => sameName(each.name, name));
  if (!table) throw new MeshwrightError('SUBTABLE_UNKNOWN', { name });
  return table;
}

function put(model: FirewallModel, table: Subtable, change: Partial<Subtable>): FirewallModel {
  const next = { ...table, ...change, updatedAt: Date.now() };
  return counted({ ...model, subtables: model.subtables.map((each) => (each === table ? next : each)) });
}

function rulesOf(
  inputs: readonly RuleInput[],
  name: string,
  model: FirewallModel,
  present: readonly Rule[] = [],
): Rule[] {
  const rules = renewed(present, inputs, model);
  const foreign = rules.find(({ text }) => chainOf(text) !== name);
  if (foreign) throw new MeshwrightError('SUBTABLE_RULE_FOREIGN', { rule: foreign.text.slice(0, 100), name });
  return rules;
}

function parseName(name: string, model: FirewallModel, own: Subtable | null): string {
  if (!SUBTABLE_NAME.test(name))
    throw invalid(
      'name',
      'must begin with a letter and have at most 24 letters, digits, hyphens and underscores',
      name,
    );
  if (RESERVED_NAMES.has(name.toUpperCase())) throw invalid('name', `${name} means something else in a rule`);
  if (model.subtables.some((table) => table !== own && sameName(table.name, name)))
    throw new MeshwrightError('SUBTABLE_EXISTS', { name });
  return name;
}
