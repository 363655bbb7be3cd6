import { type Static, Type } from 'typebox';
import { invalid, MeshwrightError } from '../../errors/catalogue.ts';
import { addEntries, addSet, changeSet, removeEntries, removeSet, setOf } from '../../firewall/edit-sets.ts';
import {
  addSubtable,
  addSubtableRules,
  removeSubtable,
  removeSubtableRules,
  subtableOf,
} from '../../firewall/edit-subtables.ts';
import { type FirewallModel, type SetType, sameName } from '../../firewall/model.ts';
import { ruleKey, ruleLines, SUBGROUP_PREFIXES, subgroupTable } from '../../firewall/rule-text.ts';
import type { ApiContext } from '../context.ts';
import { CarefulQuery, chain, change } from './firewall-change.ts';
import { Answer, answer, Emptiable, type Resource } from './resource.ts';

type Edit = (model: FirewallModel) => FirewallModel;

const Named = Type.Object({ name: Type.Optional(Type.String()), verbose: Type.Optional(Type.Boolean()) });
const Lines = Type.Object({
  name: Type.Optional(Type.String()),
  rules: Emptiable('One a line; a line may begin with the name'),
  position: Type.Optional(Type.Integer({ minimum: -1 })),
  flush: Type.Optional(Type.Boolean({ description: 'Begin with an empty one' })),
});
type Lines = Static<typeof Lines>;
const Reinitialize = Type.Object({ reinitialize: Type.Optional(Type.Boolean()) });
const Texts = Type.Array(Type.String());
const Done = Answer(Type.Object({ status: Type.String(), rules: Type.Optional(Type.String()) }));

/** Subgroups and sets as firewall 1.0 has them: by the prefix of their names, and in lines of `NAME content`. */
export const firewallV1SetRoutes: Resource = (api, ctx) => {
  const read = { permission: 'firewall:read', licensed: true } as const;
  const write = { permission: 'firewall:write', licensed: true } as const;
  for (const { url, word, list, put, remove } of [subgroups, sets]) {
    api.get(
      url,
      {
        config: read,
        schema: {
          summary: `List ${word}s, or the lines of one`,
          querystring: Named,
          response: Answer(Type.Union([Texts, Type.Array(Texts)])),
        },
      },
      ({ query }) => answer(list(ctx.firewall.model, query)),
    );
    api.post(
      url,
      {
        config: write,
        schema: { summary: `Add to ${word}s`, querystring: CarefulQuery, body: Lines, response: Done },
      },
      ({ body, query }) => change(ctx, query, put(body), () => ({ status: 'ok', rules: body.rules ?? '' })),
    );
    api.delete(
      url,
      {
        config: write,
        schema: {
          summary: `Delete a ${word}, or lines of it`,
          querystring: CarefulQuery,
          body: Lines,
          response: Done,
        },
      },
      async ({ body, query }) => {
        const { edit, removes } = remove(body);
        return await change(
          ctx,
          query,
          edit,
          () => ({ status: 'finished_ok' }),
          removes ? { removes } : {},
        ).catch((error: unknown) => gone(error));
      },
    );
    api.put(
      url,
      {
        config: write,
        schema: {
          summary: `Put ${word}s in force again`,
          body: Reinitialize,
          response: Answer(Type.Object({})),
        },
      },
      () => reinitialize(ctx),
    );
  }
};

async function reinitialize(ctx: ApiContext) {
  await ctx.firewall.reapply();
  return answer({});
}

/** The contract has a status of its own for what is still referred to. */
function gone(error: unknown): never {
  if (error instanceof MeshwrightError && error.code === 'STILL_IN_USE')
    throw new MeshwrightError('SUBGROUP_IN_USE', { name: error.detail.what!, users: error.detail.users! });
  throw error;
}

interface Family {
  readonly url: string;
  readonly word: string;
  list(model: FirewallModel, query: Static<typeof Named>): string[] | string[][];
  put(body: Lines): Edit;
  remove(body: Lines): { readonly edit: Edit; readonly removes?: string };
}

/** The lines by the thing that they belong to: the one that `name` says, or that they begin with. */
function byOwner(body: Lines, isName: (word: string) => boolean): Map<string, string[]> {
  const owners = new Map<string, string[]>();
  if (body.name !== undefined) owners.set(body.name, []);
  for (const { text } of ruleLines((body.rules ?? '').replaceAll('\\n', '\n'))) {
    const [first = '', ...rest] = text.split(/\s+/);
    const named = isName(first);
    const owner = named ? first : body.name;
    if (owner === undefined) throw new MeshwrightError('ARGUMENT_MISSING', { field: 'name' });
    owners.set(owner, [...(owners.get(owner) ?? []), named ? rest.join(' ') : text]);
  }
  if (owners.size === 0) throw new MeshwrightError('ARGUMENT_MISSING', { field: 'name' });
  return owners;
}

const isSubgroup = (word: string) => subgroupTable(word) !== null;

const subgroups: Family = {
  url: '/firewall/rules/subgroup',
  word: 'subgroup',
  list(model, { name, verbose }) {
    if (name !== undefined) return subtableOf(model, name).rules.map(({ text }) => text);
    if (!verbose) return model.subtables.map((table) => table.name);
    return model.subtables.map((table) => [table.name, ...table.rules.map(({ text }) => text)]);
  },
  put: (body) =>
    chain(
      ...[...byOwner(body, isSubgroup)].map(
        ([name, lines]): Edit =>
          (model) => {
            const type = subgroupTable(name);
            if (!type)
              throw new MeshwrightError('SUBGROUP_PREFIX', {
                field: 'name',
                prefixes: SUBGROUP_PREFIXES.join(', '),
              });
            const known = model.subtables.some((table) => sameName(table.name, name));
            const base = known ? model : addSubtable({ name, type })(model);
            const inputs = lines.map((line) => ({ rule: `${name} ${line}` }));
            return addSubtableRules(name, inputs, body.position ?? -1, body.flush ?? false)(base);
          },
      ),
    ),
  remove(body) {
    if ((body.rules ?? '').trim() === '') {
      const { name } = body;
      if (name === undefined) throw new MeshwrightError('ARGUMENT_MISSING', { field: 'name' });
      return { edit: removeSubtable(name), removes: name };
    }
    const edits = [...byOwner(body, isSubgroup)].map(
      ([name, lines]): Edit =>
        (model) => {
          const { rules } = subtableOf(model, name);
          const ids = lines.map((line) => {
            const wanted = ruleKey(`${name} ${line}`);
            const rule = rules.find(({ text }) => ruleKey(text) === wanted);
            if (!rule) throw new MeshwrightError('RULE_TEXT_UNKNOWN', { rule: wanted });
            return rule.id;
          });
          return removeSubtableRules(name, ids)(model);
        },
    );
    return { edit: chain(...edits) };
  },
};

const SET_TYPES: Readonly<Record<string, SetType>> = { NETS_: 'net', PORTS_: 'port', LIST_: 'list' };

function setType(name: string): SetType | null {
  const prefix = Object.keys(SET_TYPES).find((each) => name.startsWith(each) && name.length > each.length);
  return prefix ? SET_TYPES[prefix]! : null;
}

const isSet = (word: string) => setType(word) !== null;

const sets: Family = {
  url: '/firewall/fwsets',
  word: 'set',
  list(model, { name, verbose }) {
    const lines = (set: FirewallModel['sets'][number]) =>
      set.entries.map(({ entry }) => `${set.name} ${entry}`);
    if (name !== undefined) return lines(setOf(model, name));
    return verbose ? model.sets.map((set) => [set.name, ...lines(set)]) : model.sets.map((set) => set.name);
  },
  put: (body) =>
    chain(
      ...[...byOwner(body, isSet)].map(
        ([name, lines]): Edit =>
          (model) => {
            const entries = lines.flatMap((line) => line.split(/[\s,]+/)).map((entry) => ({ entry }));
            if (model.sets.some((set) => sameName(set.name, name)))
              return body.flush === false
                ? addEntries(name, entries)(model)
                : changeSet(name, { entries })(model);
            const type = setType(name);
            if (!type) throw invalid('name', `must begin with one of ${Object.keys(SET_TYPES).join(', ')}`);
            return addSet({ name, type, entries })(model);
          },
      ),
    ),
  remove(body) {
    if ((body.rules ?? '').trim() === '') {
      const { name } = body;
      if (name === undefined) throw new MeshwrightError('ARGUMENT_MISSING', { field: 'name' });
      return { edit: removeSet(name), removes: name };
    }
    const edits = [...byOwner(body, isSet)].map(([name, lines]) =>
      removeEntries(
        name,
        lines.flatMap((line) => line.split(/[\s,]+/)),
      ),
    );
    return { edit: chain(...edits) };
  },
};
