import { Type } from 'typebox';
import { MeshwrightError } from '../../errors/catalogue.ts';
import { printable } from '../../errors/printable.ts';
import {
  addRules,
  type RuleInput,
  removeRules,
  replaceRules,
  ruleByText,
} from '../../firewall/edit-rules.ts';
import type { FirewallModel, Rule } from '../../firewall/model.ts';
import { placeOf } from '../../firewall/order.ts';
import { ruleLines, v1Text } from '../../firewall/rule-text.ts';
import type { ApiContext } from '../context.ts';
import { CarefulQuery, change } from './firewall-change.ts';
import { Answer, answer, type Resource } from './resource.ts';

const LARGE = 8 * 1024 * 1024;

const Submitted = Answer(
  Type.Object({
    status: Type.String(),
    rule: Type.String(),
    token: Type.String({ description: 'A task that has ended: the change is in force before the answer' }),
    position: Type.Integer(),
  }),
);

/**
 * Firewall 1.0: a list of lines in which a rule is known by text or position. It is a view of the same rules that v2
 * shows; rules that are disabled there do not exist here.
 */
export const firewallV1Routes: Resource = (api, ctx) => {
  const read = { permission: 'firewall:read', licensed: true } as const;
  const write = { permission: 'firewall:write', licensed: true } as const;
  const done = () =>
    ctx.tasks.start(
      async () => undefined,
      () => undefined,
    );
  const submitted = (rule: Rule, position: number) => ({
    status: 'submitted',
    rule: v1Text(rule.text),
    token: done(),
    position,
  });

  api.get(
    '/firewall/rules',
    {
      config: read,
      schema: {
        summary: 'List the rules that are in force, each with its position',
        response: Answer(Type.Array(Type.Tuple([Type.String(), Type.Integer()]))),
      },
    },
    () => answer(enabled(ctx.firewall.model).map(({ text }, position) => [v1Text(text), position])),
  );

  api.post(
    '/firewall/rules',
    {
      config: write,
      schema: {
        summary: 'Insert a rule in front of the one that has the position',
        querystring: CarefulQuery,
        body: Type.Object({
          rule: Type.String({
            description: 'An iptables rule without -A, e.g. INPUT_CUST -s 10.0.0.0/8 -j DROP',
          }),
          position: Type.Optional(Type.Integer({ minimum: -1, default: -1, description: '-1 appends' })),
        }),
        response: Submitted,
      },
    },
    ({ body, query }) => {
      const made: Rule[] = [];
      return change(
        ctx,
        query,
        (model) => addRules([{ rule: body.rule }], placeOf(model.rules, body.position ?? -1), made)(model),
        ({ model }) => submitted(made[0]!, positionOf(model, made[0]!.id)),
      );
    },
  );

  /** `pick` finds the rule when its turn has come, so that two at once cannot mean the same one. */
  const remove = (query: CarefulRequest, pick: (model: FirewallModel) => Rule) => {
    let gone: { rule: Rule; position: number } | null = null;
    return change(
      ctx,
      query,
      (model) => {
        const rule = pick(model);
        gone = { rule, position: positionOf(model, rule.id) };
        return removeRules([rule.id])(model);
      },
      () => submitted(gone!.rule, gone!.position),
    );
  };

  api.delete(
    '/firewall/rules',
    {
      config: write,
      schema: {
        summary: 'Delete a rule by its text',
        querystring: CarefulQuery,
        body: Type.Object({
          rule: Type.Optional(Type.String()),
          position: Type.Optional(Type.Integer({ minimum: 0 })),
        }),
        response: Submitted,
      },
    },
    ({ body, query }) => {
      const { rule, position } = body;
      if (rule !== undefined) return remove(query, (model) => visible(model, rule));
      if (position !== undefined) return remove(query, (model) => atPosition(model, position));
      throw new MeshwrightError('ARGUMENT_MISSING', { field: 'rule' });
    },
  );

  api.delete(
    '/firewall/rules/:position',
    {
      config: write,
      schema: {
        summary: 'Delete the rule at a position, from 0',
        params: Type.Object({ position: Type.Integer({ minimum: 0 }) }),
        querystring: CarefulQuery,
        response: Submitted,
      },
    },
    ({ params, query }) => remove(query, (model) => atPosition(model, params.position)),
  );

  api.put(
    '/firewall',
    {
      config: write,
      bodyLimit: LARGE,
      schema: {
        summary: 'Replace all rules',
        querystring: CarefulQuery,
        body: Type.Object({
          rules: Type.String({ 'x-keep-empty': true, description: 'One rule a line; # begins a comment' }),
        }),
        response: Answer(Type.Object({ status: Type.String(), token: Type.String() })),
      },
    },
    ({ body, query }) =>
      change(
        ctx,
        query,
        // A line without a comment leaves that of its rule alone: the list that was read shows none.
        overwrite(
          ruleLines(body.rules).map(({ text, comment }) => ({ rule: text, comment: comment || undefined })),
        ),
        () => ({
          status: 'submitted',
          token: done(),
        }),
      ),
  );

  for (const url of ['/firewall/actions', '/v2/firewall/actions']) {
    api.put(
      url,
      {
        config: { ...write, ...(url.startsWith('/v2') && { badRequestName: 'APIBadRequestError' as const }) },
        schema: {
          summary: 'Act on the firewall as a whole: reset_connection_tracking',
          body: Type.Object({ action: Type.String() }),
          response: Answer(Type.Object({ status: Type.String() })),
        },
      },
      ({ body }) => resetTracking(ctx, body.action),
    );
  }
};

type CarefulRequest = Parameters<typeof change>[1];

async function resetTracking(ctx: ApiContext, action: string) {
  if (action !== 'reset_connection_tracking')
    throw new MeshwrightError('FIREWALL_ACTION_UNKNOWN', { field: 'action', action: printable(action) });
  await ctx.firewall.resetTracking();
  return answer({ status: 'ok' });
}

const enabled = (model: FirewallModel): readonly Rule[] => model.rules.filter(({ disabled }) => !disabled);

const positionOf = (model: FirewallModel, id: string): number =>
  enabled(model).findIndex((rule) => rule.id === id);

function atPosition(model: FirewallModel, position: number): Rule {
  const shown = enabled(model);
  const rule = shown[position];
  if (!rule)
    throw new MeshwrightError('RULE_POSITION_BEYOND', { field: 'position', position, count: shown.length });
  return rule;
}

const visible = (model: FirewallModel, text: string): Rule =>
  ruleByText({ ...model, rules: enabled(model) }, text);

/** Disabled rules cannot be seen here, so they are not thrown away here either: they go to the end. */
const overwrite =
  (inputs: readonly RuleInput[]) =>
  (model: FirewallModel): FirewallModel => {
    const { rules } = replaceRules(inputs)({ ...model, rules: enabled(model) });
    return { ...model, rules: [...rules, ...model.rules.filter(({ disabled }) => disabled)] };
  };
