import { describe, expect, it } from 'vitest';
import { buildProgram } from '../program.ts';
import { careQuery, dryRunView } from './firewall/careful.ts';
import { rulesView } from './firewall/rules.ts';
import { statusView } from './firewall/safety.ts';
import { setView } from './firewall/sets.ts';
import { inSubtable, subtablesView, subtableView, switched } from './firewall/subtables.ts';

const rule = {
  id: 'ab12cd34',
  rule: 'INPUT -j DROP',
  rule_resolved: 'INPUT -j DROP',
  position: 0,
  comment: 'all',
  disabled: false,
  groups: ['web'],
};

describe('what the firewall commands print', () => {
  it('rules with what they met, and what is broken', () => {
    const broken = {
      ...rule,
      id: 'ffffffff',
      position: 1,
      errors: ['there is no set x'],
      groups: [],
      comment: '',
    };
    expect(rulesView([rule, broken], [{ id: 'ab12cd34', packets: 7, bytes: 420 }])).toEqual([
      'at  id        state   packets  rule           comment',
      '0   ab12cd34  on      7        INPUT -j DROP  [web] all',
      '1   ffffffff  broken  -        INPUT -j DROP',
      'rule 1: there is no set x',
    ]);
    expect(rulesView([])).toEqual(['No rules: only the base policy is in force']);
  });

  it('a dry run', () => {
    const report = {
      dry_run: true,
      changes: ['+ INPUT -j DROP'],
      problems: [],
      tests: [{ name: 'web', expect: 'pass', got: 'drop', detail: '' }],
      cut: ['tcp 10.0.0.1:1 -> 10.0.0.2:2'],
    } as const;
    expect(dryRunView(report)).toEqual([
      'Nothing was changed. It would be:',
      '  + INPUT -j DROP',
      '  test fails: web must pass, would drop',
      'Live flows that it would cut:',
      '  tcp 10.0.0.1:1 -> 10.0.0.2:2',
    ]);
  });

  it('how things stand', () => {
    const status = {
      sealed: false,
      clients_may_manage: false,
      rules: 2,
      broken: [],
      pending: { seconds_left: 41 },
      conflicts: [
        { name: 'office', winner: { at: Date.now(), by: 2 }, loser: { at: Date.now() - 5000, by: 1 } },
      ],
    };
    expect(statusView(status)).toEqual([
      'Rules: 2',
      'Underlay: base policy',
      'Overlay clients may manage: no',
      'A change waits for confirmation: undone in 41 s',
      'Shared office: the change of controller 2 overrode that of controller 1, 5 s ago',
    ]);
  });

  it('a set with what its names stand for', () => {
    const entries = [
      { entry: '10.0.0.0/8', entry_resolved: '10.0.0.0/8', comment: '' },
      { entry: 'a.example', entry_resolved: '', comment: 'new' },
    ];
    const set = { name: 'office', type: 'net', description: '', size: 2, sync_mesh: true, entries };
    expect(setView(set)).toEqual([
      'office (net, shared)',
      'entry       stands for    comment',
      '10.0.0.0/8',
      'a.example   not resolved  new',
    ]);
  });
});

describe('subtables', () => {
  const { groups: _, ...inWeb } = { ...rule, rule: 'web -j DROP', rule_resolved: 'web -j DROP' };
  const web = { name: 'web', type: 'FORWARD', description: 'shops', size: 1, rules: [inWeb] };

  it('are listed, and shown with what their rules met', () => {
    expect(subtablesView([])).toEqual(['No subtables']);
    expect(subtablesView([web])).toEqual([
      'name  reached from  rules  description',
      'web   FORWARD       1      shops',
    ]);
    expect(subtableView(web, [{ id: 'ab12cd34', packets: 7, bytes: 420 }])).toEqual([
      'web (reached from FORWARD)',
      'at  id        state  packets  rule         comment',
      '0   ab12cd34  on     7        web -j DROP  all',
    ]);
    expect(subtableView({ ...web, rules: [] })).toEqual([
      'web (reached from FORWARD)',
      'No rules: a packet goes on behind the rule that jumped',
    ]);
  });

  it('have rules switched on and off by position or id, and the others left as they are', () => {
    const off = { ...inWeb, id: 'ffffffff', position: 1, disabled: true };
    const table = { ...web, rules: [inWeb, off] };
    const states = (which: string[], disabled: boolean) =>
      switched(table, which, disabled).map((each) => (each as { disabled: boolean }).disabled);
    expect(states(['0'], true)).toEqual([true, true]);
    expect(states(['ffffffff'], false)).toEqual([false, false]);
    expect(switched(table, ['0'], true)[1]).toEqual({
      id: 'ffffffff',
      rule: 'web -j DROP',
      position: 1,
      comment: 'all',
      disabled: true,
    });
    expect(() => states(['0', '7'], true)).toThrow('web has no rule 7');
  });

  it('take rules with and without their name, and leave the name of another alone', () => {
    expect(inSubtable('web', ' -p tcp -j DROP')).toBe('web -p tcp -j DROP');
    expect(inSubtable('web', '! -s 10.0.0.1 -j DROP')).toBe('web ! -s 10.0.0.1 -j DROP');
    expect(inSubtable('web', 'web -j DROP')).toBe('web -j DROP');
    expect(inSubtable('web', 'INPUT -j DROP')).toBe('INPUT -j DROP');
  });
});

it('asks for care in the query, beside what else is asked', () => {
  expect(careQuery({})).toBe('');
  expect(careQuery({ confirm: true })).toBe('?confirm=60');
  expect(careQuery({ confirm: 90, dryRun: true }, { force: 'true' })).toBe(
    '?force=true&confirm=90&dry_run=true',
  );
});

it('knows its verbs', () => {
  const verbs = (name: string) =>
    buildProgram()
      .commands.find((each) => each.name() === name)!
      .commands.map((each) => each.name());
  expect(verbs('firewall')).toEqual(
    expect.arrayContaining([
      'list',
      'add',
      'move',
      'import',
      'confirm',
      'sets',
      'subtables',
      'clients-may-manage',
    ]),
  );
  expect(verbs('variable')).toEqual(['list', 'set', 'delete']);
});
