import { type Static, Type } from 'typebox';
import { invalid, MeshwrightError } from '../../errors/catalogue.ts';
import {
  addEntries,
  addSet,
  changeSet,
  type EntryInput,
  removeEntries,
  removeSet,
  setOf,
} from '../../firewall/edit-sets.ts';
import {
  addSubtable,
  addSubtableRules,
  removeSubtable,
  removeSubtableRules,
  replaceEnabledRules,
  subtableOf,
} from '../../firewall/edit-subtables.ts';
import { type FirewallModel, type SetType, type Subtable, sameName } from '../../firewall/model.ts';
import { placeOf } from '../../firewall/order.ts';
import {
  type RuleLine,
  ruleKey,
  ruleLines,
  SUBGROUP_PREFIXES,
  subgroupTable,
  v1Text,
} from '../../firewall/rule-text.ts';
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

/**
 * The lines by the thing that they belong to. With `name` all are of that one, whether they repeat its name or not: the
 * name of another set may then be an entry. Without it every line begins with its owner's name.
 */
function byOwner(body: Lines, isName: (word: string) => boolean): Map<string, RuleLine[]> {
  const owners = new Map<string, RuleLine[]>();
  const { name } = body;
  if (name !== undefined) owners.set(name, []);
  for (const { text, comment } of ruleLines((body.rules ?? '').replaceAll('\\n', '\n'))) {
    const [first = ''] = text.split(/\s/, 1);
    const rest = text.slice(first.length).trim();
    const isRepeated = name !== undefined && sameName(first, name) && rest !== '';
    if (name === undefined && !isName(first))
      throw new MeshwrightError('ARGUMENT_MISSING', { field: 'name' });
    const owner = name ?? first;
    const line = { text: name === undefined || isRepeated ? rest : text, comment };
    owners.set(owner, [...(owners.get(owner) ?? []), line]);
  }
  if (owners.size === 0) throw new MeshwrightError('ARGUMENT_MISSING', { field: 'name' });
  return owners;
}

/** A comment that was not sent leaves the present one alone. */
const given = (comment: string): { comment?: string } => (comment === '' ? {} : { comment });

const isSubgroup = (word: string) => subgroupTable(word) !== null;

/** Rules that are disabled in v2 do not exist here, as in the list of rules. */
const linesOf = ({ rules }: Subtable): string[] =>
  rules.filter(({ disabled }) => !disabled).map(({ text }) => v1Text(text));

const subgroups: Family = {
  url: '/firewall/rules/subgroup',
  word: 'subgroup',
  list(model, { name, verbose }) {
    if (name !== undefined) return linesOf(subtableOf(model, name));
    if (!verbose) return model.subtables.map((table) => table.name);
    return model.subtables.map((table) => [table.name, ...linesOf(table)]);
  },
  put: (body) =>
    chain(
      ...[...byOwner(body, isSubgroup)].map(
        ([owner, lines]): Edit =>
          (model) => {
            const known = model.subtables.find((table) => sameName(table.name, owner));
            const name = known?.name ?? owner;
            const type = known?.type ?? subgroupTable(name);
            if (!type)
              throw new MeshwrightError('SUBGROUP_PREFIX', {
                field: 'name',
                prefixes: SUBGROUP_PREFIXES.join(', '),
              });
            const base = known ? model : addSubtable({ name, type })(model);
            const inputs = lines.map(({ text, comment }) => ({ rule: `${name} ${text}`, ...given(comment) }));
            if (body.flush) return replaceEnabledRules(name, inputs)(base);
            return addSubtableRules(
              name,
              inputs,
              placeOf(subtableOf(base, name).rules, body.position ?? -1),
            )(base);
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
          const table = subtableOf(model, name);
          const left = table.rules.filter(({ disabled }) => !disabled);
          // The same line twice means two rules, as often as there are two.
          const ids = lines.map((line) => {
            const wanted = ruleKey(`${table.name} ${line.text}`);
            const at = left.findIndex(({ text }) => ruleKey(text) === wanted);
            if (at < 0) throw new MeshwrightError('RULE_TEXT_UNKNOWN', { rule: wanted });
            return left.splice(at, 1)[0]!.id;
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

/** The entries of a line. A comma parts them, but for sets of services, whose entries have one inside. */
const entriesOf = ({ text, comment }: RuleLine, type: SetType): EntryInput[] =>
  text
    .split(type === 'service' ? /\s+/ : /[\s,]+/)
    .filter(Boolean)
    .map((entry) => ({ entry, ...given(comment) }));

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
            const known = model.sets.find((set) => sameName(set.name, name));
            const type = known?.type ?? setType(name);
            if (!type)
              throw invalid('name', `must begin with one of ${Object.keys(SET_TYPES).join(', ')}`, name);
            const entries = lines.flatMap((line) => entriesOf(line, type));
            if (!known) return addSet({ name, type, entries })(model);
            return body.flush === false
              ? addEntries(name, entries)(model)
              : changeSet(name, { entries: withComments(entries, known.entries) })(model);
          },
      ),
    ),
  remove(body) {
    if ((body.rules ?? '').trim() === '') {
      const { name } = body;
      if (name === undefined) throw new MeshwrightError('ARGUMENT_MISSING', { field: 'name' });
      return { edit: removeSet(name), removes: name };
    }
    const edits = [...byOwner(body, isSet)].map(
      ([name, lines]): Edit =>
        (model) => {
          const { type } = setOf(model, name);
          return removeEntries(
            name,
            lines.flatMap((line) => entriesOf(line, type)).map(({ entry }) => entry),
          )(model);
        },
    );
    return { edit: chain(...edits) };
  },
};

/** Lines hold no comments of their own, so an entry that stays keeps the one that it has. */
const withComments = (entries: readonly EntryInput[], present: readonly EntryInput[]): EntryInput[] =>
  entries.map((input) => ({
    comment: present.find(({ entry }) => entry === input.entry)?.comment,
    ...input,
  }));
