import { describe, expect, it, vi } from 'vitest';
import { Records } from '../mesh/records.ts';
import { Database } from '../store/database.ts';
import { addVariable, changeVariable, removeVariable } from '../variables/edit-variables.ts';
import { addGroup, changeGroup } from './edit-groups.ts';
import { addRules, changeRule, removeRules } from './edit-rules.ts';
import { addEntries, addSet, changeSet, removeSet } from './edit-sets.ts';
import { FirewallService } from './firewall-service.ts';
import { MeshSync } from './mesh-sync.ts';

/** A controller as far as sharing goes: own store, own records, own firewall. */
class Node {
  readonly db: Database;
  readonly records: Records;
  readonly firewall: FirewallService;
  readonly sync: MeshSync;
  readonly told: string[] = [];
  readonly id: number;

  constructor(id: number, db = new Database(':memory:')) {
    this.id = id;
    this.db = db;
    this.records = new Records(db);
    this.firewall = new FirewallService({
      db,
      engine: {
        check: async () => null,
        apply: async () => undefined,
        counters: async () => [],
        resetTracking: async () => undefined,
      },
      facts: () => ({
        self: id,
        overlaySubnet: '100.127.255.192/26',
        vip: null,
        underlayAddress: `10.0.0.${id}`,
        controllers: [],
        peers: [],
        clientpacks: [],
      }),
      tell: () => undefined,
    });
    this.sync = new MeshSync({
      db,
      records: this.records,
      firewall: this.firewall,
      self: () => id,
      tell: (text) => this.told.push(text),
    });
    this.sync.start();
  }

  get sets() {
    return this.firewall.model.sets.map(({ name, syncMesh, entries }) => [
      name,
      syncMesh,
      entries.map(({ entry }) => entry).join(' '),
    ]);
  }

  get rules() {
    return this.firewall.model.rules.map(({ text }) => text);
  }

  async add(name: string, entry: string) {
    await this.firewall.change(addSet({ name, type: 'net', entries: [{ entry }], syncMesh: true }));
  }
}

/** Members hear of each other. */
async function meet(...nodes: Node[]): Promise<void> {
  for (const a of nodes)
    for (const b of nodes) if (a !== b) b.records.merge(a.records.missingFor(b.records.stateVector()));
  for (const node of nodes) await node.sync.sync();
}

const pair = () => [new Node(1), new Node(2)] as const;

describe('sets that are shared', () => {
  it('are the same on all members; others stay at home', async () => {
    const [one, two] = pair();
    await one.add('office', '10.0.0.0/8');
    await one.firewall.change(addSet({ name: 'mine', type: 'net', entries: [{ entry: '10.1.0.0/16' }] }));
    await two.firewall.change(addRules([{ rule: 'INPUT -j DROP' }], -1));
    await meet(one, two);
    expect(two.sets).toEqual([['office', true, '10.0.0.0/8']]);
    expect(one.rules).toEqual([]);
    await two.firewall.change(addEntries('office', [{ entry: '10.9.0.1' }]));
    await meet(one, two);
    expect(one.sets[0]).toEqual(['office', true, '10.0.0.0/8 10.9.0.1']);
    expect(one.sync.conflicts()).toEqual([]);
  });

  it('reach a member that was down, and survive its restart', async () => {
    const [one, two] = pair();
    const three = new Node(3);
    await one.add('office', '10.0.0.0/8');
    await meet(one, two);
    await two.firewall.change(changeSet('office', { entries: [{ entry: '10.2.0.0/16' }] }));
    await meet(one, two);
    await meet(two, three);
    expect(three.sets).toEqual([['office', true, '10.2.0.0/16']]);
    const again = new Node(3, three.db);
    await meet(again, one);
    expect([again.sets, one.sets]).toEqual([three.sets, three.sets]);
  });

  it('that two change at once are the later one everywhere, and the loser is shown', async () => {
    const [one, two] = pair();
    await one.add('office', '10.0.0.0/8');
    await meet(one, two);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 1000 });
    await two.firewall.change(changeSet('office', { entries: [{ entry: '10.2.0.0/16' }] }));
    vi.setSystemTime(Date.now() + 1000);
    await one.firewall.change(changeSet('office', { entries: [{ entry: '10.1.0.0/16' }] }));
    await meet(one, two);
    expect([one.sets, two.sets]).toEqual([one.sets, one.sets]);
    expect(one.sets[0]![2]).toBe('10.1.0.0/16');
    expect(two.sync.conflicts()).toMatchObject([{ name: 'office', winner: { by: 1 }, loser: { by: 2 } }]);
    expect(one.sync.conflicts()).toEqual(two.sync.conflicts());
    expect(two.told).toEqual([expect.stringMatching(/controller 1 overrides ours/)]);
    await two.firewall.change(changeSet('office', { description: 'seen' }));
    await meet(one, two);
    expect(one.sync.conflicts()).toEqual([]);
    vi.useRealTimers();
  });

  it('at the very same time: the higher id wins, on both sides', async () => {
    const [one, two] = pair();
    vi.useFakeTimers({ toFake: ['Date'] });
    await one.add('office', '10.1.0.0/16');
    await two.add('office', '10.2.0.0/16');
    await meet(one, two);
    expect([one.sets[0]![2], two.sets[0]![2]]).toEqual(['10.2.0.0/16', '10.2.0.0/16']);
    vi.useRealTimers();
  });

  it('leave the others when sharing ends, and stay where it ended', async () => {
    const [one, two] = pair();
    await one.add('office', '10.0.0.0/8');
    await meet(one, two);
    await two.firewall.change(changeSet('office', { syncMesh: false }));
    await meet(one, two);
    expect([one.sets, two.sets]).toEqual([[], [['office', false, '10.0.0.0/8']]]);
    await meet(one, two);
    expect(one.sets).toEqual([]);
  });

  it('that are in use stay when they are deleted elsewhere', async () => {
    const [one, two] = pair();
    await one.add('office', '10.0.0.0/8');
    await one.add('other', '10.5.0.0/16');
    await meet(one, two);
    await two.firewall.change(addRules([{ rule: 'INPUT -s office -j DROP' }], -1));
    await one.firewall.change(removeSet('office'), { removes: 'office' });
    await one.firewall.change(removeSet('other'), { removes: 'other' });
    await meet(one, two);
    expect(two.sets).toEqual([['office', false, '10.0.0.0/8']]);
    expect(two.told).toEqual([expect.stringMatching(/in use here/)]);
  });
});

describe('variables and groups that are shared', () => {
  it('variables change the rules that use them on every member', async () => {
    const [one, two] = pair();
    await one.firewall.change(addVariable('office', { value: '10.0.0.0/8', syncMesh: true }));
    await meet(one, two);
    await two.firewall.change(addRules([{ rule: 'INPUT -s $' + '{office} -j DROP' }], -1));
    await one.firewall.change(changeVariable('office', { value: '10.1.0.0/16' }));
    await meet(one, two);
    expect(two.firewall.desired().rules[0]!.words).toEqual(['-s', '10.1.0.0/16', '-j', 'DROP']);
    await one.firewall.change(removeVariable('office'), { removes: 'office' });
    await meet(one, two);
    expect(two.firewall.model.variables).toMatchObject([{ name: 'office', syncMesh: false }]);
  });

  it('a group of rules is a block, made to fit by variables of each member', async () => {
    const [one, two] = pair();
    for (const node of [one, two])
      await node.firewall.change(addVariable('lan', { value: `10.${node.id}.0.0/16` }));
    await one.firewall.change(addGroup({ name: 'base' }));
    await one.firewall.change(
      addRules(
        ['FORWARD -s $' + '{lan} -j ACCEPT', 'FORWARD -j DROP'].map((rule) => ({ rule, groups: ['base'] })),
        -1,
      ),
    );
    await two.firewall.change(addRules([{ rule: 'INPUT -s 1.2.3.4 -j DROP' }], -1));
    await one.firewall.change(changeGroup('base', { syncMesh: true }));
    await meet(one, two);
    expect(two.rules).toEqual(['INPUT -s 1.2.3.4 -j DROP', ...one.rules]);
    expect(two.firewall.desired().rules[1]!.words).toEqual(['-s', '10.2.0.0/16', '-j', 'ACCEPT']);
    const [, drop] = one.firewall.model.rules;
    await two.firewall.change(removeRules([drop!.id]));
    await two.firewall.change(addRules([{ rule: 'INPUT -s 1.2.3.5 -j DROP' }], -1));
    await meet(one, two);
    expect(one.rules).toEqual(['FORWARD -s $' + '{lan} -j ACCEPT']);
    await one.firewall.change(changeRule(one.firewall.model.rules[0]!.id, { disabled: true }));
    await meet(one, two);
    expect(two.firewall.model.rules.map(({ disabled }) => disabled)).toEqual([false, true, false]);
    await one.firewall.change(changeGroup('base', { syncMesh: false }));
    await meet(one, two);
    expect(two.rules).toEqual(['INPUT -s 1.2.3.4 -j DROP', 'INPUT -s 1.2.3.5 -j DROP']);
    expect([one.rules.length, two.firewall.model.groups]).toEqual([1, []]);
  });

  it('a rule whose variable is missing somewhere is kept there, left out, and says why', async () => {
    const [one, two] = pair();
    await one.firewall.change(addVariable('lan', { value: '10.1.0.0/16' }));
    await one.firewall.change(addGroup({ name: 'base', syncMesh: true }));
    await one.firewall.change(addRules([{ rule: 'FORWARD -s $' + '{lan} -j ACCEPT', groups: ['base'] }], -1));
    await meet(one, two);
    expect(two.firewall.desired().rules).toEqual([]);
    expect(two.firewall.resolution().problems).toMatchObject([{ why: 'there is no variable $' + '{lan}' }]);
    await two.firewall.change(addVariable('lan', { value: '10.2.0.0/16' }));
    expect(two.firewall.desired().rules).toHaveLength(1);
  });

  it('wait while a change may still be undone', async () => {
    const [one, two] = pair();
    await one.firewall.change(
      addSet({ name: 'office', type: 'net', entries: [{ entry: '10.0.0.0/8' }], syncMesh: true }),
      { confirm: 60 },
    );
    await meet(one, two);
    expect(two.sets).toEqual([]);
    await one.firewall.confirm();
    await meet(one, two);
    expect(two.sets).toHaveLength(1);
    await two.firewall.change(addRules([{ rule: 'INPUT -j DROP' }], -1), { confirm: 60 });
    await one.firewall.change(addEntries('office', [{ entry: '10.9.0.1' }]));
    await meet(one, two);
    expect(two.sets[0]![2]).toBe('10.0.0.0/8');
    await two.firewall.cancel();
    await two.sync.sync();
    expect(two.sets[0]![2]).toBe('10.0.0.0/8 10.9.0.1');
    expect(two.rules).toEqual([]);
  });
});
