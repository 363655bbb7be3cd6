import { Type } from 'typebox';
import {
  addSubtable,
  addSubtableRules,
  changeSubtable,
  removeSubtable,
  removeSubtableRules,
  subtableOf,
} from '../../firewall/edit-subtables.ts';
import { CarefulQuery, change, DryRun } from './firewall-change.ts';
import { CarefulForce, V2 } from './firewall-rules.ts';
import { subtableView, WireSubtable } from './firewall-views.ts';
import { Answer, answer, Emptiable, type Resource } from './resource.ts';

const RuleObject = Type.Object({
  rule: Type.String({ description: 'Begins with the name of the subtable' }),
  position: Type.Optional(Type.Integer({ minimum: -1 })),
  comment: Emptiable('Words about the rule'),
  disabled: Type.Optional(Type.Boolean()),
});
/** In a list that replaces another one, a rule with the id of a present one goes on being that rule. */
const Rules = Type.Optional(
  Type.Array(Type.Object({ id: Type.Optional(Type.String()), ...RuleObject.properties })),
);
const Name = Type.Object({ name: Type.String() });
const Created = { 200: DryRun, 201: Type.Object({ response: WireSubtable }) };
const Deleted = { 200: DryRun, 202: Type.Object({ response: WireSubtable }) };

/** Subtables: lists of rules that rules of a table, or of another subtable, jump to. */
export const firewallSubtableRoutes: Resource = (api, ctx) => {
  const read = { permission: 'firewall:read', ...V2 } as const;
  const write = { permission: 'firewall:write', ...V2 } as const;
  const view = (name: string) => subtableView(ctx.firewall, subtableOf(ctx.firewall.model, name));

  api.get(
    '/v2/firewall/subtables',
    { config: read, schema: { summary: 'List subtables', response: Answer(Type.Array(WireSubtable)) } },
    () => answer(ctx.firewall.model.subtables.map((table) => subtableView(ctx.firewall, table))),
  );
  api.post(
    '/v2/firewall/subtables',
    {
      config: write,
      schema: {
        summary: 'Create a subtable',
        querystring: CarefulQuery,
        body: Type.Object({
          name: Type.String(),
          type: Type.String({ description: 'The table that jumps to it, e.g. FORWARD' }),
          description: Emptiable('What it is for'),
          rules: Rules,
        }),
        response: Created,
      },
    },
    async ({ body, query }, reply) => {
      const made = await change(ctx, query, addSubtable(body), () => view(body.name));
      return reply.code(query.dry_run ? 200 : 201).send(made);
    },
  );
  api.get(
    '/v2/firewall/subtables/:name',
    { config: read, schema: { summary: 'Show a subtable', params: Name, response: Answer(WireSubtable) } },
    ({ params }) => answer(view(params.name)),
  );
  api.put(
    '/v2/firewall/subtables/:name',
    {
      config: write,
      schema: {
        summary: 'Change a subtable; rules replace the present ones',
        params: Name,
        querystring: CarefulQuery,
        body: Type.Object({
          name: Type.Optional(Type.String()),
          type: Type.Optional(Type.String()),
          description: Emptiable('What it is for'),
          rules: Rules,
        }),
        response: Answer(WireSubtable),
      },
    },
    ({ params, body, query }) =>
      change(ctx, query, changeSubtable(params.name, body), () => view(body.name ?? params.name)),
  );
  api.delete(
    '/v2/firewall/subtables/:name',
    {
      config: write,
      schema: {
        summary: 'Delete a subtable; force disables the rules that jump to it',
        params: Name,
        querystring: CarefulForce,
        response: Deleted,
      },
    },
    async ({ params, query }, reply) => {
      const gone = view(params.name);
      const options = { removes: `Subtable ${gone.name}`, force: query.force };
      return reply
        .code(query.dry_run ? 200 : 202)
        .send(await change(ctx, query, removeSubtable(params.name), () => gone, options));
    },
  );
  api.post(
    '/v2/firewall/subtables/:name/rules',
    {
      config: write,
      schema: {
        summary: 'Add a rule to a subtable',
        params: Name,
        querystring: CarefulQuery,
        body: RuleObject,
        response: Created,
      },
    },
    async ({ params, body, query }, reply) => {
      const edit = addSubtableRules(params.name, [body], body.position ?? -1);
      return reply
        .code(query.dry_run ? 200 : 201)
        .send(await change(ctx, query, edit, () => view(params.name)));
    },
  );
  api.delete(
    '/v2/firewall/subtables/:name/rules/:rule_id',
    {
      config: write,
      schema: {
        summary: 'Delete a rule of a subtable',
        params: Type.Object({ name: Type.String(), rule_id: Type.String() }),
        querystring: CarefulQuery,
        response: Deleted,
      },
    },
    async ({ params, query }, reply) => {
      const edit = removeSubtableRules(params.name, [params.rule_id]);
      return reply
        .code(query.dry_run ? 200 : 202)
        .send(await change(ctx, query, edit, () => view(params.name)));
    },
  );
};
