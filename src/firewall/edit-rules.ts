import { randomBytes } from 'node:crypto';
import { invalid, MeshwrightError } from '../errors/catalogue.ts';
import { type FirewallModel, type Rule, sameName } from './model.ts';
import { insertAll, moveTo } from './order.ts';
import { ruleKey } from './rule-text.ts';

/** A rule as a client gives it. What is undefined is left as it is, or gets its default. */
export interface RuleInput {
  readonly rule: string;
  readonly id?: string | undefined;
  readonly position?: number | undefined;
  readonly comment?: string | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly disabled?: boolean | undefined;
}

/** As many as the applier accepts in one desired state, all tables together. */
const MAX_RULES = 20_000;
const MAX_TEXT = 2048;
const MAX_COMMENT = 255;

type Edit = (model: FirewallModel) => FirewallModel;

/** Adds rules in a row. `made` gets them as they are stored. */
export function addRules(inputs: readonly RuleInput[], position: number, made: Rule[] = []): Edit {
  return (model) => {
    made.length = 0;
    made.push(...inputs.map((input) => newRule(input, model)));
    return counted({ ...model, rules: insertAll(model.rules, made, position) });
  };
}

/** The whole list anew. */
export function replaceRules(inputs: readonly RuleInput[]): Edit {
  return (model) => counted({ ...model, rules: renewed(model.rules, inputs, model) });
}

/**
 * A list that takes the place of another. A rule with the id of a present one goes on being that rule, so it keeps its
 * groups and its counters; so does one with the same text and no id.
 */
export function renewed(
  present: readonly Rule[],
  inputs: readonly RuleInput[],
  model: FirewallModel,
): Rule[] {
  const ordered = inputs
    .map((input, index) => ({ input, at: input.position ?? index }))
    .sort((a, b) => a.at - b.at)
    .map(({ input }) => input);
  const named = new Set(inputs.map(({ id }) => id));
  const byId = new Map(present.map((rule) => [rule.id, rule]));
  const byText = Map.groupBy(
    present.filter(({ id }) => !named.has(id)),
    ({ text }) => ruleKey(text),
  );
  return ordered.map((input) => {
    const twin = takeById(byId, input.id) ?? byText.get(ruleKey(input.rule))?.shift();
    return twin ? changed({ ...twin, wanted: null }, input, model) : newRule(input, model);
  });
}

/** Each rule goes on once only, whoever names its id again. */
function takeById(rules: Map<string, Rule>, id: string | undefined): Rule | undefined {
  const rule = id === undefined ? undefined : rules.get(id);
  if (rule) rules.delete(rule.id);
  return rule;
}

export function changeRule(id: string, input: Partial<RuleInput>): Edit {
  return (model) => {
    const rule = ruleOf(model, id);
    const next = { ...model, rules: replaced(model.rules, changed(rule, input, model)) };
    const { position } = input;
    if (position === undefined || model.rules.indexOf(rule) === position) return next;
    return { ...next, rules: moveTo(next.rules, id, position) };
  };
}

export function removeRules(ids: readonly string[]): Edit {
  return (model) => {
    for (const id of ids) ruleOf(model, id);
    const gone = new Set(ids);
    return { ...model, rules: model.rules.filter(({ id }) => !gone.has(id)) };
  };
}

/** Disables rules wherever they stand, also in subtables. */
export function disableRules(ids: ReadonlySet<string>): Edit {
  const off = (rule: Rule): Rule => (ids.has(rule.id) ? { ...rule, disabled: true } : rule);
  return (model) => ({
    ...model,
    rules: model.rules.map(off),
    subtables: model.subtables.map((table) => ({ ...table, rules: table.rules.map(off) })),
  });
}

export function ruleOf(model: FirewallModel, id: string): Rule {
  const rule = model.rules.find((each) => each.id === id);
  if (!rule) throw new MeshwrightError('RULE_UNKNOWN', { id });
  return rule;
}

/** The first rule with this text, whatever its white space. */
export function ruleByText(model: FirewallModel, text: string): Rule {
  const key = ruleKey(text);
  const rule = model.rules.find((each) => ruleKey(each.text) === key);
  if (!rule) throw new MeshwrightError('RULE_TEXT_UNKNOWN', { rule: text.trim().slice(0, 200) });
  return rule;
}

export function newRule(input: RuleInput, model: FirewallModel): Rule {
  const fresh: Rule = {
    id: randomBytes(8).toString('hex'),
    text: '',
    comment: '',
    groups: [],
    disabled: false,
    createdAt: Date.now(),
    wanted: null,
  };
  return changed(fresh, input, model);
}

export function changed(rule: Rule, input: Partial<RuleInput>, model: FirewallModel): Rule {
  return {
    ...rule,
    text: input.rule === undefined ? rule.text : parseText(input.rule),
    comment: input.comment === undefined ? rule.comment : parseComment(input.comment),
    groups: input.groups === undefined ? rule.groups : parseGroups(input.groups, model),
    disabled: input.disabled ?? rule.disabled,
  };
}

const replaced = (rules: readonly Rule[], rule: Rule): readonly Rule[] =>
  rules.map((each) => (each.id === rule.id ? rule : each));

function parseText(input: string): string {
  // Many write a rule as they would type it: the chain is what counts.
  const text = input.trim().replace(/^-A\s+/, '');
  if (text === '') throw invalid('rule', 'must not be empty');
  if (text.length > MAX_TEXT) throw invalid('rule', `must have at most ${MAX_TEXT} characters`);
  if (!/^[\x20-\x7e\t]*$/.test(text)) throw invalid('rule', 'must be one line of printable ASCII characters');
  return text;
}

export function parseComment(text: string, field = 'comment'): string {
  if (text.length > MAX_COMMENT) throw invalid(field, `must have at most ${MAX_COMMENT} characters`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
  if (/[\u0000-\u001f\u007f\u2028\u2029]/.test(text))
    throw invalid(field, 'must not hold line breaks or control characters');
  return text;
}

function parseGroups(names: readonly string[], model: FirewallModel): string[] {
  const groups = names.map((name) => {
    const group = model.groups.find((each) => sameName(each.name, name));
    if (!group) throw new MeshwrightError('RULE_GROUP_UNKNOWN', { name });
    return group.name;
  });
  return [...new Set(groups)];
}

export function counted(model: FirewallModel): FirewallModel {
  const count = model.subtables.reduce((sum, { rules }) => sum + rules.length, model.rules.length);
  if (count > MAX_RULES) throw new MeshwrightError('RULES_TOO_MANY', { limit: MAX_RULES });
  return model;
}
