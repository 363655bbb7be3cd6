import { Type } from 'typebox';
import type { Collection } from '../../variables/collections.ts';
import { addVariable, changeVariable, removeVariable, variableOf } from '../../variables/edit-variables.ts';
import { CarefulQuery, change, DryRun } from './firewall-change.ts';
import { CarefulForce, csv } from './firewall-rules.ts';
import { Answer, answer, Emptiable, type Resource } from './resource.ts';

const Variable = Type.Object({
  variable: Type.String({ description: 'The name as it stands in a rule, between dollar-braces' }),
  description: Type.String(),
  value: Type.String(),
  sync_mesh: Type.Optional(Type.Boolean()),
});
const All = Type.Object({ response: Type.Record(Type.String(), Type.Array(Variable)) });
const Some = Type.Object({
  collections: Type.Optional(Type.String({ description: 'Names, separated by commas' })),
});
const Name = Type.Object({ name: Type.String() });
const Sync = Type.Optional(
  Type.Boolean({ description: 'Every controller of the topology gets the variable' }),
);

/** Variables of firewall rules: facts about this controller, and values of the operator's own. */
export const variableRoutes: Resource = (api, ctx) => {
  const read = { permission: 'variables:read', badRequestName: 'APIBadRequestError' } as const;
  const write = { ...read, permission: 'variables:write' } as const;
  const all = () => byCollection(ctx.firewall.collections());
  const one = (name: string) => {
    const { name: bare, value, description, syncMesh } = variableOf(ctx.firewall.model, name);
    return { variable: `custom_${bare}`, description, value, ...(syncMesh && { sync_mesh: true }) };
  };

  api.get(
    '/system/variable-collections',
    {
      config: read,
      schema: {
        summary: 'List the collections of variables',
        querystring: Some,
        response: Answer(Type.Array(Type.Object({ name: Type.String(), prefix: Type.String() }))),
      },
    },
    ({ query }) =>
      answer(
        only(ctx.firewall.collections(), csv(query.collections)).map(({ name, prefix }) => ({
          name,
          prefix,
        })),
      ),
  );
  api.get(
    '/system/variables',
    { config: read, schema: { summary: 'List variables', querystring: Some, response: { 200: All } } },
    ({ query }) => answer(byCollection(only(ctx.firewall.collections(), csv(query.collections)))),
  );
  api.post(
    '/system/variables',
    {
      config: write,
      schema: {
        summary: 'Create a custom variable',
        querystring: CarefulQuery,
        body: Type.Object({
          name: Type.String({ description: 'Letters, digits and underscores' }),
          value: Type.String(),
          description: Emptiable('What it is for'),
          sync_mesh: Sync,
        }),
        response: { 200: DryRun, 201: All },
      },
    },
    async ({ body, query }, reply) => {
      const { name, value, description, sync_mesh: syncMesh } = body;
      const made = await change(ctx, query, addVariable(name, { value, description, syncMesh }), all);
      return reply.code(query.dry_run ? 200 : 201).send(made);
    },
  );
  api.put(
    '/system/variables/:name',
    {
      config: write,
      schema: {
        summary: 'Change a custom variable; rules that use it follow',
        params: Name,
        querystring: CarefulQuery,
        body: Type.Object({
          value: Type.Optional(Type.String()),
          description: Emptiable('What it is for'),
          sync_mesh: Sync,
        }),
        response: Answer(Variable),
      },
    },
    ({ params, body, query }) => {
      const { value, description, sync_mesh: syncMesh } = body;
      const edit = changeVariable(params.name, { value, description, syncMesh });
      return change(ctx, query, edit, () => one(params.name));
    },
  );
  api.delete(
    '/system/variables/:name',
    {
      config: write,
      schema: {
        summary: 'Delete a custom variable; force disables the rules that use it',
        params: Name,
        querystring: CarefulForce,
        response: { 200: All },
      },
    },
    ({ params, query }) =>
      change(ctx, query, removeVariable(params.name), all, {
        removes: `Variable ${params.name}`,
        force: query.force,
      }),
  );
};

const byCollection = (collections: readonly Collection[]) =>
  Object.fromEntries(collections.map(({ name, entries }) => [name, entries]));

const only = (collections: readonly Collection[], names: readonly string[] | undefined) =>
  names === undefined ? collections : collections.filter(({ name }) => names.includes(name));
