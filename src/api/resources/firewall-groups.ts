import { Type } from 'typebox';
import { addGroup, addToGroup, changeGroup, groupOf, removeGroup } from '../../firewall/edit-groups.ts';
import { CarefulQuery, change, DryRun } from './firewall-change.ts';
import { CarefulForce, V2 } from './firewall-rules.ts';
import { groupView, WireGroup } from './firewall-views.ts';
import { Answer, answer, Emptiable, type Resource } from './resource.ts';

const Name = Type.Object({ name: Type.String() });
const Fields = {
  description: Emptiable('What the group is for'),
  rule_ids: Type.Optional(Type.Array(Type.String())),
  sync_mesh: Type.Optional(Type.Boolean({ description: 'Every controller of the topology gets the rules' })),
};
const Created = { 200: DryRun, 201: Type.Object({ response: WireGroup }) };

/** Groups of rules: labels to filter, export and synchronise by. Published clients use two spellings of the path. */
export const firewallGroupRoutes: Resource = (api, ctx) => {
  const read = { permission: 'firewall:read', ...V2 } as const;
  const write = { permission: 'firewall:write', ...V2 } as const;
  for (const base of ['/v2/firewall/rules-groups', '/v2/firewall/rule-groups']) {
    api.get(
      base,
      { config: read, schema: { summary: 'List groups of rules', response: Answer(Type.Array(WireGroup)) } },
      () => answer(ctx.firewall.model.groups.map((group) => groupView(ctx.firewall, group))),
    );
    api.post(
      base,
      {
        config: write,
        schema: {
          summary: 'Create a group',
          querystring: CarefulQuery,
          body: Type.Object({ name: Type.String(), ...Fields }),
          response: Created,
        },
      },
      async ({ body, query }, reply) => {
        const { name, description, rule_ids: ruleIds, sync_mesh: syncMesh } = body;
        const edit = addGroup({ name, description, ruleIds, syncMesh });
        const made = await change(ctx, query, edit, (firewall) =>
          groupView(firewall, groupOf(firewall.model, name)),
        );
        return reply.code(query.dry_run ? 200 : 201).send(made);
      },
    );
    api.get(
      `${base}/:name`,
      { config: read, schema: { summary: 'Show a group', params: Name, response: Answer(WireGroup) } },
      ({ params }) => answer(groupView(ctx.firewall, groupOf(ctx.firewall.model, params.name))),
    );
    api.put(
      `${base}/:name`,
      {
        config: write,
        schema: {
          summary: 'Change a group',
          params: Name,
          querystring: CarefulQuery,
          body: Type.Object({ name: Type.Optional(Type.String()), ...Fields }),
          response: Answer(WireGroup),
        },
      },
      ({ params, body, query }) => {
        const { name, description, rule_ids: ruleIds, sync_mesh: syncMesh } = body;
        const edit = changeGroup(params.name, { name, description, ruleIds, syncMesh });
        return change(ctx, query, edit, (firewall) =>
          groupView(firewall, groupOf(firewall.model, name ?? params.name)),
        );
      },
    );
    api.delete(
      `${base}/:name`,
      {
        config: write,
        schema: {
          summary: 'Delete a group; its rules stay',
          params: Name,
          querystring: CarefulForce,
          response: { 200: DryRun, 202: Type.Object({ response: WireGroup }) },
        },
      },
      async ({ params, query }, reply) => {
        const view = groupView(ctx.firewall, groupOf(ctx.firewall.model, params.name));
        return reply
          .code(query.dry_run ? 200 : 202)
          .send(await change(ctx, query, removeGroup(params.name), () => view));
      },
    );
    api.post(
      `${base}/:name/rules`,
      {
        config: write,
        schema: {
          summary: 'Put a rule into a group',
          params: Name,
          querystring: CarefulQuery,
          body: Type.Object({ rule_id: Type.String() }),
          response: Created,
        },
      },
      async ({ params, body, query }, reply) => {
        const made = await change(ctx, query, addToGroup(params.name, body.rule_id), (firewall) =>
          groupView(firewall, groupOf(firewall.model, params.name)),
        );
        return reply.code(query.dry_run ? 200 : 201).send(made);
      },
    );
  }
};
