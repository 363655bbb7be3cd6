import { invalid, MeshwrightError } from '../errors/catalogue.ts';
import { parseComment } from './edit-rules.ts';
import { isTable, SET_NAME } from './grammar/names.ts';
import { type FirewallModel, type FwSet, type SetEntry, type SetType, sameName } from './model.ts';

export interface EntryInput {
  readonly entry: string;
  readonly comment?: string | undefined;
}

export interface SetInput {
  readonly name: string;
  readonly type: SetType;
  readonly description?: string | undefined;
  readonly entries?: readonly EntryInput[] | undefined;
  readonly syncMesh?: boolean | undefined;
}

type Edit = (model: FirewallModel) => FirewallModel;

const MAX_SETS = 1024;
const MAX_ENTRIES = 65_536;
const MAX_ENTRY = 253;

export function addSet(input: SetInput): Edit {
  return (model) => {
    const name = parseName(input.name, model, null);
    if (model.sets.length >= MAX_SETS) throw new MeshwrightError('FWSETS_TOO_MANY', { limit: MAX_SETS });
    const now = Date.now();
    const set: FwSet = {
      name,
      type: input.type,
      description: parseComment(input.description ?? '', 'description'),
      syncMesh: input.syncMesh ?? false,
      createdAt: now,
      updatedAt: now,
      entries: parseEntries(input.entries ?? [], []),
    };
    return { ...model, sets: [...model.sets, set] };
  };
}

export function changeSet(name: string, input: Partial<SetInput>): Edit {
  return (model) => {
    const set = setOf(model, name);
    if (input.type !== undefined && input.type !== set.type)
      throw invalid('type', `is ${set.type} and cannot be changed; make another set`);
    return putSet(model, set, {
      name: input.name === undefined ? set.name : parseName(input.name, model, set),
      description:
        input.description === undefined ? set.description : parseComment(input.description, 'description'),
      syncMesh: input.syncMesh ?? set.syncMesh,
      entries: input.entries === undefined ? set.entries : parseEntries(input.entries, set.entries),
    });
  };
}

export function addEntries(name: string, inputs: readonly EntryInput[]): Edit {
  return (model) => {
    const set = setOf(model, name);
    for (const { entry } of inputs)
      if (set.entries.some((each) => each.entry === entry.trim()))
        throw new MeshwrightError('FWSET_ENTRY_EXISTS', { name: set.name, entry: entry.trim() });
    return putSet(model, set, { entries: parseEntries([...set.entries, ...inputs], set.entries) });
  };
}

export function removeEntries(name: string, entries: readonly string[]): Edit {
  return (model) => {
    const set = setOf(model, name);
    const gone = new Set(entries.map((entry) => entry.trim()));
    for (const entry of gone)
      if (!set.entries.some((each) => each.entry === entry))
        throw new MeshwrightError('FWSET_ENTRY_UNKNOWN', { name: set.name, entry });
    return putSet(model, set, { entries: set.entries.filter(({ entry }) => !gone.has(entry)) });
  };
}

export function removeSet(name: string): Edit {
  return (model) => {
    const set = setOf(model, name);
    return { ...model, sets: model.sets.filter((each) => each !== set) };
  };
}

export function setOf(model: FirewallModel, name: string): FwSet {
  const set = model.sets.find((each) => sameName(each.name, name));
  if (!set) throw new MeshwrightError('FWSET_UNKNOWN', { name });
  return set;
}

function putSet(model: FirewallModel, set: FwSet, change: Partial<FwSet>): FirewallModel {
  const next = { ...set, ...change, updatedAt: Date.now() };
  return { ...model, sets: model.sets.map((each) => (each === set ? next : each)) };
}

function parseName(name: string, model: FirewallModel, own: FwSet | null): string {
  if (!SET_NAME.test(name))
    throw invalid(
      'name',
      'must begin with a letter and have at most 26 letters, digits, hyphens and underscores',
      name,
    );
  if (isTable(name)) throw invalid('name', `${name} is the name of a table`);
  if (model.sets.some((set) => set !== own && sameName(set.name, name)))
    throw new MeshwrightError('FWSET_EXISTS', { name });
  return name;
}

/** An entry that was there before stays the same one, so it keeps when it was made. */
function parseEntries(inputs: readonly EntryInput[], before: readonly SetEntry[]): SetEntry[] {
  if (inputs.length > MAX_ENTRIES) throw invalid('entries', `must be at most ${MAX_ENTRIES}`, inputs.length);
  const known = new Map(before.map((entry) => [entry.entry, entry]));
  const entries = new Map<string, SetEntry>();
  const now = Date.now();
  for (const input of inputs) {
    const entry = input.entry.trim();
    if (entry === '') continue;
    if (entry.length > MAX_ENTRY || !/^[\x21-\x7e]+$/.test(entry))
      throw invalid('entry', `must be one word of at most ${MAX_ENTRY} printable ASCII characters`, entry);
    const old = known.get(entry);
    const comment = parseComment(input.comment ?? '');
    entries.set(
      entry,
      old && old.comment === comment ? old : { entry, comment, createdAt: old?.createdAt ?? now },
    );
  }
  return [...entries.values()];
}
