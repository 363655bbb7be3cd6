import { engineName, isTable } from '../firewall/grammar/names.ts';
import type { CheckedSet, PlacedRule, Ruleset } from '../firewall/grammar/ruleset.ts';
import { type Place, TARGETS } from '../firewall/grammar/targets.ts';
import { joinWords } from '../firewall/grammar/tokenise.ts';
import { CLIENT_LINKS } from '../topology/client-link.ts';
import { ACCEPTED_MARK, LINK_BLOCK, LOG_GROUP, TUNNEL_MARK } from './engine-paths.ts';
import { setName } from './ipset.ts';

export type IpFamily = 'v4' | 'v6';
export const PLACES: readonly Place[] = ['filter', 'nat', 'mangle'];

/** Every chain of ours begins so; nothing else in the engine's tables is ours. */
export const CHAIN_PREFIX = 'MW-';
const ACCEPT_CHAIN = `${CHAIN_PREFIX}ACCEPT`;

/** One chain as the engine will have it: its lines in order, with the id of the rule that each belongs to. */
export interface RenderedChain {
  readonly name: string;
  /** The engine's own chain that jumps here; null for subtables. */
  readonly hook: string | null;
  readonly lines: readonly { readonly id: string | null; readonly text: string }[];
}
export type RenderedTables = ReadonlyMap<Place, readonly RenderedChain[]>;

export const chainName = (table: string): string => engineName(CHAIN_PREFIX, table, 28);

/** The rules of one family, chain by chain. Pure text, no decision about what is there already. */
export function renderChains({ chains, sets }: Ruleset, family: IpFamily): RenderedTables {
  return new Map(
    PLACES.map((place) => {
      const rendered = [...chains.get(place)!].map(([table, rules]): RenderedChain => {
        const lines = rules.flatMap((rule) =>
          expand(rule, family).map((words) => ({
            id: rule.id,
            text: engineWords(rule, words, place, family, sets),
          })),
        );
        return isTable(table)
          ? { name: chainName(table), hook: table, lines: [...prelude(table, family), ...lines] }
          : { name: chainName(table), hook: null, lines };
      });
      const accepts = rendered.some(({ lines }) =>
        lines.some(({ text }) => text.includes(`-g ${ACCEPT_CHAIN}`)),
      );
      return [place, accepts ? [ACCEPT, ...rendered] : rendered];
    }),
  );
}

/** What a rule accepts, the base policy must let pass too: it comes later and reads this mark. */
const ACCEPT: RenderedChain = {
  name: ACCEPT_CHAIN,
  hook: null,
  lines: [
    { id: null, text: `-j MARK --or-mark ${hex(ACCEPTED_MARK)}` },
    { id: null, text: '-j ACCEPT' },
  ],
};

/**
 * The mesh's own packets skip the rules: routing and failure detection on the links and in the tunnels of HA clients, and the encrypted packets that
 * carry them. A rule set that ends in `INPUT -j DROP` must not take the mesh down.
 */
function prelude(table: string, family: IpFamily): RenderedChain['lines'] {
  if (table === 'FORWARD') return [];
  const leaves = table === 'OUTPUT' || table === 'POSTROUTING';
  const sessions = [LINK_BLOCK, CLIENT_LINKS].map(
    (block) => `${leaves ? '-o' : '-i'} mw+ -s ${block} -d ${block} -j RETURN`,
  );
  const tunnels = leaves
    ? `-m mark --mark ${hex(TUNNEL_MARK)}/0xffff -j RETURN`
    : '-p udp -m udp --dport 1195:1203 -m addrtype --dst-type LOCAL -j RETURN';
  const texts = family === 'v4' ? [...sessions, tunnels] : [tunnels];
  return texts.map((text) => ({ id: null, text }));
}

/** A rule with lists of addresses is one line of the engine for each pair. */
function expand(rule: PlacedRule, family: IpFamily): (readonly string[])[] {
  if (rule.family !== 'both' && rule.family !== family) return [];
  let lines: (readonly string[])[] = [rule.words];
  for (const [at, word] of rule.words.entries()) {
    if (!word.includes(',') || !ADDRESS_OPTIONS.has(rule.words[at - 1] ?? '')) continue;
    lines = lines.flatMap((line) => word.split(',').map((choice) => line.with(at, choice)));
  }
  return lines;
}

/** From the operator's words to the engine's: names of sets, chains and lists get our prefix, LOG our listener. */
function engineWords(
  rule: PlacedRule,
  words: readonly string[],
  place: Place,
  family: IpFamily,
  sets: ReadonlyMap<string, CheckedSet>,
): string {
  const out: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const next = words[at + 1] ?? '';
    if (FAMILY_OPTIONS.has(word)) continue;
    // The options of LOG shape a line of the kernel's log, which namespaces and listeners do not have.
    const isLogOption = rule.target === 'LOG' && Object.hasOwn(LOG_OPTIONS, word);
    if (isLogOption) at += LOG_OPTIONS[word]!.values.length;
    else if (word === '--match-set') out.push(word, setName(sets.get(words[++at]!)!, family));
    else if (word === '--hashlimit-name') out.push(word, `mw-${words[++at]}`);
    else if (JUMPS.has(word)) {
      at++;
      out.push(...jump(rule, word, next, place));
    } else out.push(word);
  }
  return joinWords(out);
}

function jump(rule: PlacedRule, option: string, target: string, place: Place): string[] {
  if (target === 'LOG') return ['-j', 'NFLOG', '--nflog-group', String(LOG_GROUP), '--nflog-prefix', rule.id];
  if (target === 'ACCEPT' && place === 'filter') return ['-g', ACCEPT_CHAIN];
  return [option, Object.hasOwn(TARGETS, target) ? target : chainName(target)];
}

const ADDRESS_OPTIONS = new Set(['-s', '--source', '--src', '-d', '--destination', '--dst']);
const FAMILY_OPTIONS = new Set(['-4', '--ipv4', '-6', '--ipv6']);
const JUMPS = new Set(['-j', '--jump', '-g', '--goto']);
const LOG_OPTIONS = TARGETS.LOG!.options;

function hex(mark: number): string {
  return `0x${mark.toString(16)}`;
}

/** What of ours the engine holds now, as `iptables-save` tells it. */
export interface PresentChains {
  /** Names of our chains, by the engine's table. */
  readonly chains: ReadonlyMap<Place, ReadonlySet<string>>;
  /** The engine's chains that jump to ours, as `INPUT MW-INPUT`. */
  readonly jumps: ReadonlyMap<Place, ReadonlySet<string>>;
}

export interface RestoreText {
  readonly text: string;
  /** For each line of the text, from 0, the rule that it belongs to. */
  readonly ids: readonly (string | null)[];
}

/**
 * Input of `iptables-restore --noflush --counters` that makes our chains equal to `tables` and touches nothing else. A
 * rule keeps what it has counted: `counted` gives `[packets:bytes]` of the
 * nth line under a key `place chain id`.
 */
export function restoreText(
  tables: RenderedTables,
  present: PresentChains,
  counted: (key: string, nth: number) => string | null = () => null,
): RestoreText {
  const lines: { text: string; id: string | null }[] = [];
  const say = (text: string, id: string | null = null) => lines.push({ text, id });
  for (const place of PLACES) {
    const wanted = tables.get(place)!;
    const names = new Set(wanted.map(({ name }) => name));
    const jumps = present.jumps.get(place) ?? new Set();
    const stale = [...(present.chains.get(place) ?? [])].filter((name) => !names.has(name));
    if (wanted.length === 0 && stale.length === 0) continue;
    say(`*${place}`);
    for (const name of [...names, ...stale]) say(`:${name} - [0:0]`);
    for (const { hook, name } of wanted) {
      if (hook !== null && !jumps.has(`${hook} ${name}`)) say(`-I ${hook} 1 -j ${name}`);
    }
    for (const pair of jumps) {
      const [hook, name] = pair.split(' ');
      if (!names.has(name!)) say(`-D ${hook} -j ${name}`);
    }
    for (const { name, lines: rules } of wanted) {
      const seen = new Map<string, number>();
      for (const { id, text } of rules) {
        const nth = seen.get(id ?? '') ?? 0;
        seen.set(id ?? '', nth + 1);
        const before = id === null ? null : counted(`${place} ${name} ${id}`, nth);
        say(`${before ?? '[0:0]'} -A ${name} ${text}`, id);
      }
    }
    for (const name of stale) say(`-X ${name}`);
    say('COMMIT');
  }
  return { text: lines.map(({ text }) => `${text}\n`).join(''), ids: lines.map(({ id }) => id) };
}
