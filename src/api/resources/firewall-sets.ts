import { type Static, Type } from 'typebox';
import {
  addEntries,
  addSet,
  changeSet,
  type EntryInput,
  removeEntries,
  removeSet,
  setOf,
} from '../../firewall/edit-sets.ts';
import type { SetType } from '../../firewall/model.ts';
import { CarefulQuery, change, DryRun } from './firewall-change.ts';
import { CarefulForce, V2 } from './firewall-rules.ts';
import { setView, WireSet } from './firewall-views.ts';
import { Answer, answer, Emptiable, type Resource } from './resource.ts';

const LARGE = 8 * 1024 * 1024;

const Entry = Type.Object({ entry: Type.String(), comment: Emptiable('Words about the entry') });
const Entries = Type.Optional(
  Type.Union([Type.String({ 'x-keep-empty': true }), Type.Array(Type.Union([Type.String(), Entry]))], {
    'x-keep-empty': true,
    description: 'A list, or text with commas (between services: semicolons or line breaks)',
  }),
);
type Entries = Static<typeof Entries> | undefined;
const Fields = {
  description: Emptiable('What the set is for'),
  entries: Entries,
  sync_mesh: Type.Optional(Type.Boolean({ description: 'Every controller of the topology gets the set' })),
};
const Name = Type.Object({ name: Type.String() });
const Created = { 200: DryRun, 201: Type.Object({ response: WireSet }) };

/** Sets of addresses, ports, services or other sets, which rules refer to by name. */
export const firewallSetRoutes: Resource = (api, ctx) => {
  const read = { permission: 'firewall:read', ...V2 } as const;
  const write = { permission: 'firewall:write', ...V2 } as const;
  const view = (name: string) => setView(ctx.firewall, setOf(ctx.firewall.model, name));

  api.get(
    '/v2/firewall/fwsets',
    { config: read, schema: { summary: 'List sets', response: Answer(Type.Array(WireSet)) } },
    () => answer(ctx.firewall.model.sets.map((set) => setView(ctx.firewall, set))),
  );
  api.post(
    '/v2/firewall/fwsets',
    {
      config: write,
      bodyLimit: LARGE,
      schema: {
        summary: 'Create a set',
        querystring: CarefulQuery,
        body: Type.Object({
          name: Type.String(),
          type: Type.Enum(['net', 'list', 'service', 'port'] satisfies SetType[]),
          ...Fields,
        }),
        response: Created,
      },
    },
    async ({ body, query }, reply) => {
      const { name, type, description, sync_mesh: syncMesh } = body;
      const edit = addSet({ name, type, description, syncMesh, entries: inputs(body.entries, type) });
      const made = await change(ctx, query, edit, () => ({ ...view(name), errors: [] }));
      return reply.code(query.dry_run ? 200 : 201).send(made);
    },
  );
  api.get(
    '/v2/firewall/fwsets/:name',
    { config: read, schema: { summary: 'Show a set', params: Name, response: Answer(WireSet) } },
    ({ params }) => answer(view(params.name)),
  );
  api.put(
    '/v2/firewall/fwsets/:name',
    {
      config: write,
      bodyLimit: LARGE,
      schema: {
        summary: 'Change a set; entries replace the present ones',
        params: Name,
        querystring: CarefulQuery,
        body: Type.Object({
          name: Type.Optional(Type.String()),
          type: Type.Optional(Type.String()),
          ...Fields,
        }),
        response: Answer(WireSet),
      },
    },
    ({ params, body, query }) => {
      const { name, description, sync_mesh: syncMesh, entries } = body;
      return change(
        ctx,
        query,
        (model) => {
          const { type } = setOf(model, params.name);
          const wanted = { name, type: (body.type ?? type) as SetType, description, syncMesh };
          return changeSet(params.name, { ...wanted, entries: inputs(entries, type) })(model);
        },
        () => view(name ?? params.name),
      );
    },
  );
  api.delete(
    '/v2/firewall/fwsets/:name',
    {
      config: write,
      schema: {
        summary: 'Delete a set; force disables the rules that use it',
        params: Name,
        querystring: CarefulForce,
        response: { 200: DryRun, 202: Type.Object({ response: WireSet }) },
      },
    },
    async ({ params, query }, reply) => {
      const gone = view(params.name);
      const options = { removes: `Fwset ${gone.name}`, force: query.force };
      return reply
        .code(query.dry_run ? 200 : 202)
        .send(await change(ctx, query, removeSet(params.name), () => gone, options));
    },
  );
  api.post(
    '/v2/firewall/fwsets/:name/entries',
    {
      config: write,
      schema: {
        summary: 'Add an entry',
        params: Name,
        querystring: CarefulQuery,
        body: Entry,
        response: Created,
      },
    },
    async ({ params, body, query }, reply) => {
      const made = await change(ctx, query, addEntries(params.name, [body]), () => view(params.name));
      return reply.code(query.dry_run ? 200 : 201).send(made);
    },
  );
  api.delete(
    '/v2/firewall/fwsets/:name/entries',
    {
      config: write,
      schema: {
        summary: 'Delete an entry',
        params: Name,
        querystring: CarefulQuery,
        body: Type.Object({ entry: Type.String() }),
        response: Answer(WireSet),
      },
    },
    ({ params, body, query }) =>
      change(ctx, query, removeEntries(params.name, [body.entry]), () => view(params.name)),
  );
};

/** A service has a comma of its own, so a text of services is separated by something else. */
function inputs(entries: Entries, type: SetType): EntryInput[] | undefined {
  if (entries === undefined) return undefined;
  if (typeof entries !== 'string')
    return entries.map((each) => (typeof each === 'string' ? { entry: each } : each));
  return entries
    .split(type === 'service' ? /[\s;]+/ : /[\s,;]+/)
    .filter(Boolean)
    .map((entry) => ({ entry }));
}
