import { describe, expect, it, vi } from 'vitest';
import type { FirewallCheck } from '../desired/firewall.ts';
import { Database } from '../store/database.ts';
import { addVariable } from '../variables/edit-variables.ts';
import { addGroup } from './edit-groups.ts';
import { addRules, replaceRules } from './edit-rules.ts';
import { addSet } from './edit-sets.ts';
import { addSubtable } from './edit-subtables.ts';
import { EngineAway, EngineRefused } from './engine.ts';
import { FirewallService } from './firewall-service.ts';

const OK: FirewallCheck = { problems: [], tests: [], cut: [] };

function service(db = new Database(':memory:')) {
  const seen = { applied: [] as string[][], told: [] as string[], refuse: null as Error | null };
  const firewall: FirewallService = new FirewallService({
    db,
    engine: {
      check: async () => OK,
      apply: async () => {
        if (seen.refuse) throw seen.refuse;
        seen.applied.push(firewall.desired().rules.map(({ words }) => words.join(' ')));
      },
      counters: async () => [],
      resetTracking: async () => undefined,
    },
    facts: () => ({
      self: 1,
      overlaySubnet: null,
      vip: null,
      underlayAddress: null,
      controllers: [],
      peers: [],
      clientpacks: [],
    }),
    tell: (_kind, text) => seen.told.push(text),
  });
  return { db, seen, firewall };
}

const rule = (last: number) => ({ rule: `INPUT -s 10.0.0.${last} -j DROP` });

describe('FirewallService', () => {
  it('keeps everything over a restart', async () => {
    const { db, firewall } = service();
    await firewall.change(addVariable('office', { value: '10.0.0.0/8', description: 'HQ', syncMesh: true }));
    await firewall.change(addGroup({ name: 'web', description: 'x', syncMesh: true }));
    await firewall.change(
      addSet({
        name: 'nets',
        type: 'net',
        entries: [{ entry: '10.0.0.0/8', comment: 'c' }, { entry: '10.1.0.1' }],
      }),
    );
    await firewall.change(
      addSubtable({ name: 'sub', type: 'FORWARD', description: 'd', rules: [{ rule: 'sub -j DROP' }] }),
    );
    await firewall.change(
      addRules(
        [{ ...rule(1), groups: ['web'], comment: 'one' }, { ...rule(2), disabled: true }, rule(3)],
        -1,
      ),
    );
    await firewall.change((model) => ({ ...model, settings: { sealed: true, clientsMayManage: true } }));
    expect(service(db).firewall.model).toEqual(firewall.model);
  });

  it('goes back when the engine refuses at the last moment', async () => {
    const { seen, firewall } = service();
    await firewall.change(addRules([rule(1)], -1));
    seen.refuse = new EngineRefused([{ rule: null, set: null, message: 'no' }]);
    await expect(firewall.change(addRules([rule(2)], -1))).rejects.toMatchObject({
      code: 'FIREWALL_REFUSED',
    });
    expect(firewall.model.rules).toHaveLength(1);
  });

  it('stores nothing that was not decided in time, and puts back what is stored', async () => {
    const { seen, firewall } = service();
    await firewall.change(addRules([rule(1)], -1));
    seen.refuse = new EngineAway('busy');
    const change = firewall.change(addRules([rule(2)], -1));
    await expect(change).rejects.toMatchObject({ code: 'FIREWALL_UNAVAILABLE' });
    expect(firewall.model.rules).toHaveLength(1);
    seen.refuse = null;
    await firewall.reapply();
    expect(seen.applied.at(-1)).toEqual(['-s 10.0.0.1 -j DROP']);
  });

  it('is confirmed and taken back also while the engine is away, and says so in words', async () => {
    const { seen, firewall } = service();
    for (const end of [() => firewall.confirm(), () => firewall.cancel()]) {
      await firewall.change(addRules([rule(1)], -1), { confirm: 60 });
      seen.refuse = new EngineAway('busy');
      await expect(end()).rejects.toMatchObject({ code: 'FIREWALL_SILENT' });
      expect(firewall.pending).toBeNull();
      seen.refuse = null;
    }
    expect(firewall.model.rules).toHaveLength(1);
  });

  it('keeps what is stored when it was not the firewall that failed', async () => {
    const { seen, firewall } = service();
    seen.refuse = new Error('link 2: no such device');
    await expect(firewall.change(addRules([rule(1)], -1))).rejects.toThrow(/no such device/);
    expect(firewall.model.rules).toHaveLength(1);
    seen.refuse = new EngineAway('the applier is not running');
    await expect(firewall.change(addRules([rule(2)], -1))).rejects.toMatchObject({
      code: 'FIREWALL_UNAVAILABLE',
    });
    expect(firewall.model.rules).toHaveLength(1);
  });

  it('undoes what nobody confirmed, also when it was not there at that time', async () => {
    vi.useFakeTimers();
    const { db, seen, firewall } = service();
    await firewall.change(addRules([rule(1)], -1));
    await firewall.change(addRules([rule(2)], -1), { confirm: 30 });
    await vi.advanceTimersByTimeAsync(29_000);
    expect(firewall.model.rules).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(2_000);
    expect([firewall.model.rules.length, firewall.pending]).toEqual([1, null]);
    expect(seen.applied.at(-1)).toEqual(['-s 10.0.0.1 -j DROP']);
    expect(seen.told).toEqual([expect.stringMatching(/nobody confirmed/)]);

    await firewall.change(addRules([rule(3)], -1), { confirm: 30 });
    firewall.stop();
    vi.setSystemTime(Date.now() + 60_000);
    const again = service(db);
    again.firewall.start();
    await vi.advanceTimersByTimeAsync(10);
    expect([again.firewall.model.rules.length, again.firewall.pending]).toEqual([1, null]);
    vi.useRealTimers();
  });

  it('makes 5,000 rules one change', async () => {
    const { seen, firewall } = service();
    const many = Array.from({ length: 5000 }, (_, at) => ({
      rule: `FORWARD -s 10.${at >> 8}.${at & 255}.0/24 -p tcp --dport 443 -j ACCEPT`,
    }));
    await firewall.change(replaceRules(many));
    expect(seen.applied).toHaveLength(1);
    expect(firewall.model.rules).toHaveLength(5000);
  });
});
