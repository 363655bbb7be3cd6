import { type Static, Type } from 'typebox';
import { MeshwrightError } from '../../errors/catalogue.ts';
import {
  addRules,
  changeRule,
  type RuleInput,
  removeRules,
  replaceRules,
  ruleOf,
} from '../../firewall/edit-rules.ts';
import { tableOf } from '../../firewall/grammar/names.ts';
import { type Rule, sameName } from '../../firewall/model.ts';
import { ruleLines } from '../../firewall/rule-text.ts';
import type { ApiContext } from '../context.ts';
import { Careful, CarefulQuery, change, DryRun } from './firewall-change.ts';
import { rulesView, someRules, WireRule } from './firewall-views.ts';
import { Answer, answer, Emptiable, Loose, type Resource } from './resource.ts';

const LARGE = 8 * 1024 * 1024;

const Groups = Type.Optional(Type.Union([Type.Array(Type.String()), Type.String()]));
const Position = Type.Optional(Type.Integer({ minimum: -1 }));
const Comment = Emptiable('Words about the rule');
const Disabled = Type.Optional(Type.Boolean());
const RuleObject = Type.Object({
  rule: Type.String(),
  position: Position,
  comment: Comment,
  id: Type.Optional(Type.String()),
  groups: Groups,
  disabled: Disabled,
});
type RuleObject = Static<typeof RuleObject>;
const Many = Type.Object({ rules: Type.Array(WireRule), errors: Type.Array(Type.String()) });
const Created = { 200: DryRun, 201: Type.Object({ response: Type.Union([WireRule, Many]) }) };
const Id = Type.Object({ id: Type.String() });

export const V2 = { licensed: true, badRequestName: 'APIBadRequestError' } as const;

/** Firewall 2.0: rules as objects with an id, in one ordered list over all tables. */
export const firewallRulesRoutes: Resource = (api, ctx) => {
  const read = { permission: 'firewall:read', ...V2 } as const;
  const write = { permission: 'firewall:write', ...V2 } as const;

  api.get(
    '/v2/firewall/rules',
    {
      config: read,
      schema: {
        summary: 'List rules',
        querystring: Type.Object({
          state: Type.Optional(Type.Enum(['active', 'disabled'])),
          groups: Type.Optional(Type.String({ description: 'Names, separated by commas' })),
          tables: Type.Optional(Type.String({ description: 'Names, separated by commas' })),
          osview: Type.Optional(Type.Boolean({ description: 'Only what is in force' })),
        }),
        response: Answer(Type.Array(WireRule)),
      },
    },
    ({ query }) => {
      const groups = csv(query.groups);
      const tables = csv(query.tables)?.map((name) => tableOf(name) ?? name);
      const shown = rulesView(ctx.firewall).filter(
        (rule) =>
          (query.state === undefined || rule.disabled === (query.state === 'disabled')) &&
          (!groups || groups.some((name) => rule.groups.some((each) => sameName(each, name)))) &&
          (!tables || tables.includes(rule.table)) &&
          (!query.osview || rule.os_rules.length > 0),
      );
      return answer(shown);
    },
  );

  api.post(
    '/v2/firewall/rules',
    {
      config: write,
      bodyLimit: LARGE,
      schema: {
        summary: 'Add a rule, or several in a row',
        querystring: CarefulQuery,
        body: Type.Object({
          rule: Type.Optional(Type.String()),
          rules: Type.Optional(Type.Array(Type.Union([Type.String(), RuleObject]))),
          position: Position,
          comment: Comment,
          groups: Groups,
          disabled: Disabled,
        }),
        response: Created,
      },
    },
    async ({ body, query }, reply) => {
      if (body.rule === undefined && body.rules === undefined)
        throw new MeshwrightError('ARGUMENT_MISSING', { field: 'rule' });
      const given = body.rules ?? [{ rule: body.rule!, comment: body.comment }];
      const shared = { groups: csv(body.groups), disabled: body.disabled };
      const inputs = given.map((one) => ({
        ...shared,
        ...toInput(typeof one === 'string' ? { rule: one } : one),
      }));
      const made: Rule[] = [];
      const answered = await change(ctx, query, addRules(inputs, body.position ?? -1, made), (firewall) => {
        const views = someRules(firewall, made);
        return body.rules === undefined ? views[0] : { rules: views, errors: [] };
      });
      return reply.code(query.dry_run ? 200 : 201).send(answered);
    },
  );

  for (const url of ['/v2/firewall/rules', '/v2/firewall']) {
    api.put(
      url,
      {
        config: write,
        bodyLimit: LARGE,
        schema: {
          summary: 'Replace the whole list; a rule with the id of a present one keeps its groups',
          querystring: CarefulQuery,
          body: Type.Object({ rules: Type.Array(Type.Union([Type.String(), RuleObject])) }),
          response: Answer(Many),
        },
      },
      ({ body, query }) =>
        change(
          ctx,
          query,
          replaceRules(body.rules.map((one) => toInput(typeof one === 'string' ? { rule: one } : one))),
          (firewall) => ({ rules: rulesView(firewall), errors: [] }),
        ),
    );
  }

  api.put(
    '/v2/firewall/rules/import',
    {
      config: write,
      bodyLimit: LARGE,
      schema: {
        summary: 'Add the rules of a text, one a line, or of a JSON list',
        querystring: CarefulQuery,
        body: Type.Object({
          rules: Loose('Lines of text, or JSON as the export gives it'),
          position: Position,
          disabled: Disabled,
          groups: Groups,
        }),
        response: Answer(Many),
      },
    },
    ({ body, query }) => {
      const shared = { groups: csv(body.groups), disabled: body.disabled };
      const inputs = readImport(body.rules).map((input) => ({
        ...input,
        groups: shared.groups ?? input.groups,
        disabled: shared.disabled ?? input.disabled,
      }));
      const made: Rule[] = [];
      return change(ctx, query, addRules(inputs, body.position ?? -1, made), (firewall) => ({
        rules: someRules(firewall, made),
        errors: [],
      }));
    },
  );

  api.get(
    '/v2/firewall/rules/export',
    {
      config: read,
      schema: {
        summary: 'Export rules as JSON or as lines of text',
        querystring: Type.Object({
          group: Type.Optional(Type.String()),
          tables: Type.Optional(Type.String()),
          type: Type.Optional(Type.Enum(['json', 'plaintext'])),
        }),
      },
    },
    ({ query }, reply) => {
      const tables = csv(query.tables)?.map((name) => tableOf(name) ?? name);
      const { group } = query;
      const shown = rulesView(ctx.firewall).filter(
        (rule) =>
          (group === undefined || rule.groups.some((each) => sameName(each, group))) &&
          (!tables || tables.includes(rule.table)),
      );
      if (query.type !== 'plaintext') {
        return reply.send(
          answer(
            shown.map(({ id, rule, comment, groups, disabled }) => ({ rule, comment, id, groups, disabled })),
          ),
        );
      }
      // A disabled rule would come back enabled from a text, so it is not in it.
      const lines = shown
        .filter(({ disabled }) => !disabled)
        .flatMap(({ rule, comment }) => (comment === '' ? [rule] : [`# ${comment}`, rule]));
      return reply
        .header('content-type', 'text/plain')
        .send(Buffer.from(lines.map((line) => `${line}\n`).join('')));
    },
  );

  api.put(
    '/v2/firewall/rules/:id',
    {
      config: write,
      schema: {
        summary: 'Change a rule; a position moves it',
        params: Id,
        querystring: CarefulQuery,
        body: Type.Object({
          rule: Type.Optional(Type.String()),
          position: Position,
          comment: Comment,
          groups: Groups,
          disabled: Disabled,
        }),
        response: Answer(WireRule),
      },
    },
    ({ params, body, query }) =>
      change(
        ctx,
        query,
        changeRule(params.id, toInput(body)),
        (firewall) => someRules(firewall, [ruleOf(firewall.model, params.id)])[0],
      ),
  );

  api.delete(
    '/v2/firewall/rules/:id',
    {
      config: write,
      schema: { summary: 'Delete a rule', params: Id, querystring: CarefulQuery, response: Answer(WireRule) },
    },
    ({ params, query }) => removeOne(ctx, params.id, query),
  );
};

/** The answer shows the rule as it was. */
async function removeOne(ctx: ApiContext, id: string, query: Static<typeof CarefulQuery>) {
  let gone: WireRule | undefined;
  return change(
    ctx,
    query,
    (model) => {
      [gone] = someRules(ctx.firewall, [ruleOf(model, id)]);
      return removeRules([id])(model);
    },
    () => gone,
  );
}

export function csv(value: string | readonly string[] | undefined): string[] | undefined {
  if (value === undefined) return undefined;
  const parts = typeof value === 'string' ? value.split(',') : value;
  return parts.map((part) => part.trim()).filter(Boolean);
}

type Given<T> = { [K in keyof T]?: T[K] | undefined };

function toInput<T extends Given<RuleObject>>(given: T): T & { groups?: string[] } {
  const { groups, ...rest } = given;
  return (groups === undefined ? rest : { ...rest, groups: csv(groups) }) as T & { groups?: string[] };
}

/** Lines, JSON text, or JSON that was parsed already. Ids are not taken over: these are new rules. */
function readImport(value: unknown): RuleInput[] {
  if (typeof value === 'string') {
    if (!/^\s*[[{]/.test(value))
      return ruleLines(value).map(({ text, comment }) => ({ rule: text, comment }));
    try {
      return readImport(JSON.parse(value));
    } catch (error) {
      if (error instanceof SyntaxError) throw importError(`not valid JSON: ${error.message.slice(0, 80)}`);
      throw error;
    }
  }
  const list = Array.isArray(value) ? value : ((value ?? {}) as { rules?: unknown }).rules;
  if (!Array.isArray(list)) throw importError('must be lines of text or a JSON list of rules');
  return list.map((one: unknown, at): RuleInput => {
    if (typeof one === 'string') return { rule: one };
    const { rule, comment, groups, disabled } = (one ?? {}) as Record<string, unknown>;
    if (typeof rule !== 'string') throw importError(`entry ${at} has no rule`);
    return {
      rule,
      ...(typeof comment === 'string' && { comment }),
      ...(Array.isArray(groups) && groups.every((each) => typeof each === 'string') && { groups }),
      ...(typeof disabled === 'boolean' && { disabled }),
    };
  });
}

const importError = (reason: string) => new MeshwrightError('RULES_JSON', { field: 'rules', reason });

export const CarefulForce = Type.Object({
  ...Careful,
  force: Type.Optional(Type.Boolean({ description: 'Disable the rules that use it' })),
});
