import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TestMembers } from '../clientpack/pack.fixture.ts';
import type { Pack } from '../clientpack/pack.ts';
import { addRules } from '../firewall/edit-rules.ts';
import { FirewallService } from '../firewall/firewall-service.ts';
import type { Mesh } from '../mesh/mesh.ts';
import { Database } from '../store/database.ts';
import { variableFacts } from './variable-facts.ts';

/** A rule for the packs of a tag, over real packs; only the engine is not there. */
const RULE = { rule: `FORWARD -s \${clientpack_group_type_person} -j DROP` };
const members = new TestMembers(240, 1, 4);
const { book, service, records, addressing } = members.members[0]!;
/** As much of the mesh as the facts about packs need. */
const mesh = {
  parts: { peering: { effective: () => ({ self: 1, rows: [] }) }, addressing: () => addressing },
  ownAddress: () => null,
} as unknown as Mesh;

let firewall: FirewallService;
let applied: string[][] = [];
beforeEach(() => {
  applied = [];
  firewall = new FirewallService({
    db: new Database(':memory:'),
    engine: {
      check: async () => ({ problems: [], tests: [], cut: [] }),
      apply: async () => {
        applied.push(firewall.handOut().rules.map(({ words }) => words.join(' ')));
      },
      counters: async () => [],
      resetTracking: async () => undefined,
    },
    facts: () => variableFacts(mesh, book.packs()),
    tell: () => undefined,
  });
});
records.onChange(() => firewall.follow());
afterEach(() => {
  firewall.stop();
  for (const pack of book.packs()) service.removeTag(pack, 'type');
});

afterAll(() => members.stop());

const pack = (at: number): Pack => book.packs()[at]!;
const dropped = (...packs: Pack[]) =>
  packs.length === 0 ? [] : [`-s ${packs.map(({ address }) => address).join(',')} -j DROP`];
const groups = () => firewall.collections().find(({ name }) => name === 'clientpack_groups')?.entries;
const inForce = (...packs: Pack[]) =>
  vi.waitFor(() => expect(applied.at(-1)).toEqual(dropped(...packs)), { timeout: 5000 });

describe('tags of packs in rules', () => {
  it('stand for the addresses of the packs that have them, and follow each change', async () => {
    service.setTag(pack(0), 'type', 'person');
    service.setTag(pack(1), 'type', 'machine');
    await firewall.change(addRules([RULE], -1));
    await inForce(pack(0));
    service.setTag(pack(2), 'type', 'person');
    await inForce(pack(0), pack(2));
    service.setTag(pack(0), 'type', 'machine');
    await inForce(pack(2));
    expect(firewall.model.rules.map(({ text }) => text)).toEqual([RULE.rule]);
  });

  it('that nobody has any more take the rule out of force until somebody has them again', async () => {
    service.setTag(pack(0), 'type', 'person');
    await firewall.change(addRules([RULE], -1));
    service.removeTag(pack(0), 'type');
    await inForce();
    expect(firewall.resolution().problems).toMatchObject([
      { kind: 'rule', text: RULE.rule, why: expect.stringContaining('clientpack_group_type_person') },
    ]);
    service.setTag(pack(3), 'type', 'person');
    await inForce(pack(3));
    expect(firewall.resolution().problems).toEqual([]);
  });

  it('are no variables while no pack has them', async () => {
    await expect(firewall.change(addRules([RULE], -1))).rejects.toMatchObject({ code: 'RULE_INVALID' });
    expect(groups()).toEqual([]);
  });

  it('that look the same as names share a variable, so that a rule leaves none of them out', () => {
    service.setTag(pack(0), 'type', 'head office');
    service.setTag(pack(1), 'type', 'head_office');
    service.setTag(pack(2), 'type', 'person');
    expect(groups()).toEqual([
      {
        variable: 'clientpack_group_type_head_office',
        description: 'clientpacks tagged type=head office or type=head_office',
        value: `${pack(0).address},${pack(1).address}`,
      },
      {
        variable: 'clientpack_group_type_person',
        description: 'clientpacks tagged type=person',
        value: pack(2).address,
      },
    ]);
  });
});
