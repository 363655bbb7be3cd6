import { describe, expect, it } from 'vitest';
import { readFirewall } from './ruleset.ts';
import { sampleFirewall } from './sample-firewall.ts';

const placed = (...lines: string[]) => {
  const { chains, problems } = readFirewall(sampleFirewall(lines));
  expect(problems).toEqual([]);
  const all = [...chains].flatMap(([place, tables]) =>
    [...tables].flatMap(([table, rules]) => rules.map((rule) => `${place} ${table} ${rule.target}`)),
  );
  return all.filter((line) => !line.includes('FWD_C'));
};
const complaint = (...lines: string[]) => {
  const { problems } = readFirewall(sampleFirewall(lines));
  return problems.map(({ rule, message }) => `${rule}: ${message}`).join(' | ');
};

describe('a firewall', () => {
  it('has every rule where the engine takes its target', () => {
    expect(
      placed(
        'PREROUTING -j ACCEPT',
        'PREROUTING -s 10.0.0.1 -j DROP',
        'INPUT -j DROP',
        'FORWARD -j TCPMSS --clamp-mss-to-pmtu',
        'OUTPUT -p tcp -j REDIRECT --to-ports 80',
        'OUTPUT -j REJECT',
        'POSTROUTING -j MASQUERADE',
      ),
    ).toEqual([
      'filter INPUT DROP',
      'filter OUTPUT REJECT',
      'nat PREROUTING ACCEPT',
      'nat OUTPUT REDIRECT',
      'nat POSTROUTING MASQUERADE',
      'mangle PREROUTING DROP',
      'mangle FORWARD TCPMSS',
    ]);
  });

  it('has a subtable wherever it is needed, and everywhere whole', () => {
    expect(placed('PREROUTING -j web', 'FORWARD -j web', 'web -j RETURN', 'web -s 10.0.0.1 -j LOG')).toEqual([
      'filter FORWARD web',
      'filter web RETURN',
      'filter web LOG',
      'nat PREROUTING web',
      'nat web RETURN',
      'nat web LOG',
    ]);
    expect(placed('PREROUTING -j web', 'web -j DROP')).toEqual(['mangle PREROUTING web', 'mangle web DROP']);
    expect(placed('web -j REJECT')).toEqual(['filter web REJECT']);
  });

  it('is refused with the rule that does not fit', () => {
    expect(complaint('PREROUTING -j web', 'web -j REJECT')).toContain(
      'REJECT cannot be used here: subtable web is reached from PREROUTING',
    );
    expect(complaint('OUTPUT -j web', 'web -p tcp -j DNAT --to-destination :80', 'web -j DROP')).toContain(
      'a0000000: subtable web mixes',
    );
    expect(complaint('FORWARD -j DROP', 'FORWARD -j nowhere')).toBe(
      'a0000001: "nowhere" is neither a target that rules may use nor a subtable',
    );
    expect(complaint('web -j FWD_C_limits_of_the_office', 'FWD_C_limits_of_the_office -j web')).toBe(
      'a0000001: the jump closes a circle: web -> FWD_C_limits_of_the_office -> web',
    );
  });

  it('says what is wrong with a set', () => {
    const firewall = sampleFirewall([]);
    const of = (...sets: typeof firewall.sets) =>
      readFirewall({ ...firewall, sets }).problems.map(({ set, message }) => `${set}: ${message}`);
    expect(of({ name: 'a', type: 'port', entries: ['70000'] })).toEqual([
      'a: "70000" is not a port or a range like 8000-8010',
    ]);
    expect(of({ name: 'a', type: 'list', entries: ['b'] }, { name: 'b', type: 'list', entries: [] })).toEqual(
      ['a: "b" is not a set that a list can hold'],
    );
    expect(of({ name: 'A', type: 'net', entries: [] }, { name: 'a', type: 'net', entries: [] })).toEqual([
      'a: a is the name of two sets',
    ]);
  });

  it('of 256 subtables that all jump on is read in no time', () => {
    const subtables = Array.from({ length: 256 }, (_, index) => `t${index}`);
    const rules = subtables.flatMap((table, index) =>
      subtables
        .slice(index + 1, index + 9)
        .map((next, at) => ({ id: (index * 16 + at + 0x10000000).toString(16), table, words: ['-j', next] })),
    );
    const { problems } = readFirewall({ ...sampleFirewall([]), subtables, rules });
    expect(problems[0]?.message).toContain('subtables jump more than 12 deep');
  });
});
