import { engineName } from '../firewall/grammar/names.ts';
import type { CheckedSet } from '../firewall/grammar/ruleset.ts';

/** Sets of ours begin so; the second letter says whether it is the one in use or the one being filled. */
export const SET_PREFIX = 'MW';
const FILLING_PREFIX = 'MT';

/**
 * A set of the firewall is one or two of the engine's, because most of those hold one family only. Its type is part of
 * the name, so that a name never changes its type: the engine could not swap the two then.
 */
export interface RenderedSet {
  readonly name: string;
  readonly create: string;
  readonly entries: readonly string[];
}

const MAX_ENTRIES = 262_144;

export function setName({ name, type }: Pick<CheckedSet, 'name' | 'type'>, family: 'v4' | 'v6'): string {
  return engineName(`${SET_PREFIX}${KIND[type](family)}-`, name, 31);
}

const KIND: Readonly<Record<CheckedSet['type'], (family: 'v4' | 'v6') => string>> = {
  net: (family) => `n${family.slice(1)}`,
  service: (family) => `s${family.slice(1)}`,
  port: () => 'p',
  list: () => 'l',
};

/** Lists come last: their members must exist when they are filled. */
export function renderSets(sets: ReadonlyMap<string, CheckedSet>): RenderedSet[] {
  const plain = [...sets.values()].filter(({ type }) => type !== 'list');
  const lists = [...sets.values()].filter(({ type }) => type === 'list');
  return [...plain.flatMap(renderPlain), ...lists.map((list) => renderList(list, sets))];
}

function renderPlain(set: CheckedSet): RenderedSet[] {
  if (set.type === 'port') {
    const entries = set.entries.map(({ entry }) => entry);
    return [{ name: setName(set, 'v4'), create: 'bitmap:port range 0-65535', entries: unique(entries) }];
  }
  const type = set.type === 'net' ? 'hash:net' : 'hash:ip,port';
  return (['v4', 'v6'] as const).map((family) => ({
    name: setName(set, family),
    create: `${type} family ${family === 'v4' ? 'inet' : 'inet6'} maxelem ${MAX_ENTRIES}`,
    entries: unique(set.entries.filter((one) => one.family === family).flatMap(({ entry }) => halves(entry))),
  }));
}

function renderList(list: CheckedSet, sets: ReadonlyMap<string, CheckedSet>): RenderedSet {
  const members = list.entries.flatMap(({ entry }) => {
    const member = sets.get(entry)!;
    return [setName(member, 'v4'), setName(member, 'v6')];
  });
  return { name: setName(list, 'v4'), create: 'list:set size 4096', entries: unique(members) };
}

/** hash:net has no prefix of length 0. */
function halves(entry: string): string[] {
  if (!entry.endsWith('/0')) return [entry];
  return entry.includes(':') ? ['::/1', '8000::/1'] : ['0.0.0.0/1', '128.0.0.0/1'];
}

function unique(entries: readonly string[]): string[] {
  return [...new Set(entries)];
}

/** The name under which a set is filled before it takes the place of the one in use. */
export function fillingName(name: string): string {
  return `${FILLING_PREFIX}${name.slice(SET_PREFIX.length)}`;
}

/** Input of `ipset restore` that fills new sets beside those in use. Nothing that is in use changes. */
export function fillText(sets: readonly RenderedSet[]): string {
  const lines = sets.flatMap(({ name, create, entries }) => [
    `create ${name} ${create} -exist`,
    `create ${fillingName(name)} ${create}`,
    ...entries.map((entry) => `add ${fillingName(name)} ${entry} -exist`),
  ]);
  return lines.map((line) => `${line}\n`).join('');
}

/** Puts the filled sets in the place of those in use, or back again: a swap is its own opposite. */
export function swapText(sets: readonly RenderedSet[]): string {
  return sets.map(({ name }) => `swap ${fillingName(name)} ${name}\n`).join('');
}
