import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRequest } from '../../src/applier/border.ts';
import { compile } from '../../src/compile/compile.ts';
import { sampleIntent } from '../../src/compile/sample-intent.ts';
import type { DesiredFirewall, DesiredSet } from '../../src/desired/firewall.ts';
import { readFirewall } from '../../src/firewall/grammar/ruleset.ts';
import { sampleFirewall } from '../../src/firewall/grammar/sample-firewall.ts';
import { fillingName, fillText, renderSets, setName, swapText } from '../../src/render/ipset.ts';
import { chainName, renderChains, restoreText } from '../../src/render/iptables.ts';
import { cidr, ipv4 } from './engine-readers.ts';
import { attack, stringPaths, withValue } from './hostile-text.ts';

/** Rules and sets as the engines read them: one line is one rule or entry, and no line is anything else. */
const present = { chains: new Map(), jumps: new Map() };
const restored = (firewall: DesiredFirewall, family: 'v4' | 'v6') =>
  restoreText(renderChains(readFirewall(firewall), family), present);

/** Words as `iptables-restore` takes them from a line: only double quotes mean anything. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|([^ "]+)/g)].map(([, quoted, bare]) => quoted ?? bare!);

/** Throws for a line that is none of those that we write. */
function checkRestore(text: string): void {
  const chains = new Set<string>();
  for (const line of text.split('\n').slice(0, -1)) {
    const chain = /^:(MW-[\w-]{1,25}) - \[0:0\]$/.exec(line)?.[1];
    const [, of, jump] = /^(?:\[0:0\] -A|-I [A-Z]+ 1 -j) (MW-[\w-]+)( .+)?$/.exec(line) ?? [];
    if (chain) chains.add(chain);
    else if (/^(\*(filter|nat|mangle)|COMMIT)$/.test(line)) chains.delete('');
    else if (!of || !chains.has(of)) throw new Error(`odd line: ${JSON.stringify(line)}`);
    else if (jump && (jump.match(/ -[jg] /g) ?? []).length > 1 && !jump.includes('"'))
      throw new Error(`two targets: ${line}`);
  }
}

function checkSets(text: string): void {
  const known = new Set<string>();
  for (const line of text.split('\n').slice(0, -1)) {
    const [, name] =
      /^create (M[WT](?:[ns][46]|[pl])-[\w-]+) (?:hash:net family inet6? maxelem \d+|hash:ip,port family inet6? maxelem \d+|bitmap:port range 0-65535|list:set size \d+)(?: -exist)?$/.exec(
        line,
      ) ?? [];
    const [, target, entry] = /^add (MT\S+) ([\w.:,/-]+) -exist$/.exec(line) ?? [];
    if (name) expect(name.length).toBeLessThanOrEqual(31);
    if (name) known.add(name);
    else if (!target || !known.has(target)) throw new Error(`odd line: ${JSON.stringify(line)}`);
    // The kernel's sets of networks take no prefix of length 0.
    else if (/^MTn/.test(target)) expect(entry).not.toMatch(/\/0+$/);
  }
}

const free = fc
  .oneof(
    fc.stringMatching(/^[\x20-\x7e]{1,29}$/),
    fc.constantFrom(
      'constructor',
      '__proto__',
      'toString',
      '#',
      ';',
      'a -j ACCEPT',
      '$(id)',
      'COMMIT',
      'a,b',
    ),
  )
  .filter((text) => !/^[-! ]|["'\\]/.test(text));
const address = fc.oneof(ipv4, cidr);
const match = fc.oneof(
  address.map((one) => ['-s', one]),
  fc.uniqueArray(address, { minLength: 1, maxLength: 3 }).map((list) => ['-d', list.join(',')]),
  free.map((text) => ['-m', 'comment', '--comment', text]),
  fc.constant(['-m', 'set', '--match-set', 'office', 'src']),
  fc.constant(['-m', 'set', '!', '--match-set', 'services_of_the_whole_company', 'dst,dst']),
  fc.constant(['-m', 'hashlimit', '--hashlimit-above', '5/minute', '--hashlimit-name', 'ssh']),
  fc.constant(['-4']),
);
const target = fc.oneof(
  fc.constantFrom(['-j', 'ACCEPT'], ['-j', 'DROP'], ['-j', 'web'], ['-g', 'FWD_C_limits_of_the_office']),
  free.map((text) => ['-j', 'LOG', '--log-prefix', text, '--log-level', 'info']),
);
const rule = fc
  .tuple(
    fc.uniqueArray(match, { maxLength: 4, selector: ([first, second]) => (first === '-m' ? second : first) }),
    target,
  )
  .map(([matches, last]) => [...matches.flat(), ...last]);

/** From the engine's words back to the operator's. */
function readBack(line: string, firewall: DesiredFirewall): string[] {
  const names = new Map(firewall.sets.map((set) => [setName(set, 'v4'), set.name]));
  const chains = new Map(firewall.subtables.map((name) => [chainName(name), name]));
  const words = wordsOf(line).slice(3);
  const at = words.indexOf('NFLOG');
  const isLog = at > 0 && words[at - 1] === '-j' && words[at + 1] === '--nflog-group';
  return (isLog ? [...words.slice(0, at), 'LOG', `id ${words[at + 4]}`] : words).map((word, index, all) => {
    const before = all[index - 1];
    if (before === '--match-set') return names.get(word)!;
    if (before === '--hashlimit-name') return word.replace(/^mw-/, '');
    if (before === '-j' || before === '-g') return chains.get(word) ?? word;
    return word;
  });
}

/** What is expected of it: one line for each pair of addresses, ACCEPT as the jump that marks, LOG with its id. */
function wanted(words: readonly string[], id: string): string[][] {
  let lines: string[][] = [words.filter((word) => word !== '-4')];
  const log = lines[0]!.lastIndexOf('LOG');
  if (log > 0 && lines[0]![log - 1] === '-j') lines = [[...lines[0]!.slice(0, log), 'LOG', `id ${id}`]];
  else if (words.at(-1) === 'ACCEPT') lines = [[...lines[0]!.slice(0, -2), '-g', 'MW-ACCEPT']];
  const at = lines[0]!.indexOf('-d');
  if (at < 0) return lines;
  return lines[0]![at + 1]!.split(',').map((one) => lines[0]!.with(at + 1, one));
}

describe('rules', () => {
  it('read back to the words that they were made of', () => {
    fc.assert(
      fc.property(fc.array(rule, { minLength: 1, maxLength: 5 }), (rules) => {
        const firewall: DesiredFirewall = {
          ...sampleFirewall([]),
          rules: rules.map((words, index) => ({
            id: (0xb0000000 + index).toString(16),
            table: 'INPUT',
            words,
          })),
        };
        expect(readFirewall(firewall).problems).toEqual([]);
        const { text, ids } = restored(firewall, 'v4');
        checkRestore(text);
        const lines = text.split('\n');
        for (const { id, words } of firewall.rules) {
          const own = lines.filter((_, index) => ids[index] === id);
          expect(own.map((line) => readBack(line, firewall))).toEqual(wanted(words, id));
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('sets', () => {
  const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,30}$/);
  const port = fc.integer({ min: 0, max: 65535 });
  const byType = {
    net: fc.oneof(
      ipv4,
      cidr,
      fc.ipV6(),
      fc.ipV6().map((one) => `${one}/64`),
    ),
    port: fc.oneof(
      port.map(String),
      fc.tuple(port, port).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
    ),
    service: fc.tuple(ipv4, fc.constantFrom('tcp', 'udp'), port).map(([a, p, n]) => `${a},${p}:${n}`),
  } as const;
  const set: fc.Arbitrary<DesiredSet> = fc
    .tuple(name, fc.constantFrom('net', 'port', 'service'))
    .chain(([of, type]) =>
      fc.uniqueArray(byType[type], { maxLength: 6 }).map((entries) => ({ name: of, type, entries })),
    );
  const sets = fc.uniqueArray(set, { maxLength: 4, selector: ({ name: of }) => of.toLowerCase() });

  it('read back to the entries that they were made of', () => {
    fc.assert(
      fc.property(sets, (list) => {
        const { sets: checked, problems } = readFirewall({ ...sampleFirewall([]), sets: list });
        fc.pre(problems.length === 0);
        const made = renderSets(checked);
        const text = fillText(made);
        checkSets(text);
        const lines = text.split('\n').map((line) => line.split(' '));
        for (const one of list) {
          const engine = [...new Set([setName(one, 'v4'), setName(one, 'v6')])].map(fillingName);
          const read = lines.filter(([verb, of]) => verb === 'add' && engine.includes(of!));
          expect(read.map((words) => words[2]).sort()).toEqual([...one.entries].sort());
        }
        expect(swapText(made).split('\n').slice(0, -1)).toEqual(
          made.map(({ name: of }) => `swap ${fillingName(of)} ${of}`),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('of everything are halves, however everything is written', () => {
    for (const entry of ['0.0.0.0/0', '10.1.2.3/0', '::/0', '0:0::0/0', '::0.0.0.0/0', 'fe80::1/0']) {
      const one = { name: 'all', type: 'net', entries: [entry] } as const;
      const { sets: checked, problems } = readFirewall({
        ...sampleFirewall([]),
        sets: [{ ...one, entries: [entry] }],
      });
      if (problems.length > 0) continue;
      const text = fillText(renderSets(checked));
      checkSets(text);
      expect([entry, text.match(/^add /gm)?.length]).toEqual([entry, 2]);
    }
  });
});

describe('names', () => {
  const long = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{27}$/);

  it('of two subtables or sets are never one in the engine', () => {
    fc.assert(
      fc.property(long, fc.constantFrom('net', 'port', 'service'), (name, type) => {
        const twin = chainName(name).replace(/^MW-/, '');
        expect(readFirewall({ ...sampleFirewall([]), subtables: [name, twin] }).problems).not.toEqual([]);
        const engine = setName({ name, type }, 'v4');
        const sets = [name, engine.slice(engine.indexOf('-') + 1)].map((of) => ({
          name: of,
          type,
          entries: [],
        }));
        if (sets[1]!.name === name) return;
        expect(readFirewall({ ...sampleFirewall([]), sets }).problems).not.toEqual([]);
      }),
    );
  });
});

describe('the border', () => {
  it('lets no text of a firewall become a line of its own', { timeout: 60_000 }, () => {
    const state = compile(sampleIntent());
    const paths = stringPaths(sampleFirewall());
    const shape = (text: string) => text.split('\n').length;
    let taken = 0;
    fc.assert(
      fc.property(fc.constantFrom(...paths), attack, (path, change) => {
        const firewall = withValue(sampleFirewall(), path, change);
        try {
          parseRequest(JSON.stringify({ seq: 1, op: 'apply', state: { ...state, firewall } }));
        } catch {
          return;
        }
        taken++;
        for (const family of ['v4', 'v6'] as const) {
          const { text, ids } = restored(firewall, family);
          checkRestore(text);
          expect(ids).toHaveLength(shape(text) - 1);
        }
        checkSets(fillText(renderSets(readFirewall(firewall).sets)));
      }),
      { numRuns: 1500 },
    );
    expect(taken).toBeGreaterThan(0);
  });
});
