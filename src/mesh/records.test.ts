import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { Database } from '../store/database.ts';
import { Records } from './records.ts';
import type { MemberRecord } from './shared-schema.ts';

const member = (id: number, name: string): MemberRecord => ({
  id,
  instance: id * 7,
  name,
  address: `10.0.0.${id}`,
  clientAddress: null,
});

function exchange(a: Records, b: Records): void {
  b.merge(a.missingFor(b.stateVector()));
  a.merge(b.missingFor(a.stateVector()));
}

const content = (records: Records) => [...records.all('members')].sort((x, y) => x.id - y.id);

describe('Records', () => {
  it('survives a restart', () => {
    const db = new Database(':memory:');
    new Records(db).put('members', '1', member(1, 'one'));
    expect(new Records(db).get('members', '1')).toEqual(member(1, 'one'));
  });

  it('holds nothing that could not be written, and tells nobody of it', () => {
    const db = new Database(':memory:');
    const [records, other] = [new Records(db), new Records(new Database(':memory:'))];
    records.put('members', '1', member(1, 'one'));
    const run = vi.spyOn(db, 'run').mockImplementation(() => {
      throw new Error('database or disk is full');
    });
    other.put('members', '3', member(3, 'three'));
    expect(() => records.put('members', '2', member(2, 'two'))).toThrow('full');
    expect(() => records.remove('members', '1')).toThrow('full');
    expect(() => records.merge(other.missingFor(records.stateVector()))).toThrow('full');
    expect(content(records)).toEqual([member(1, 'one')]);
    run.mockRestore();
    records.put('members', '2', member(2, 'again'));
    exchange(records, other);
    const all = [member(1, 'one'), member(2, 'again'), member(3, 'three')];
    expect(content(records)).toEqual(all);
    expect(content(other)).toEqual(all);
    expect(content(new Records(db))).toEqual(all);
  });

  it('folds a long log without losing anything', () => {
    const db = new Database(':memory:');
    const records = new Records(db);
    for (let i = 0; i < 250; i++) records.put('members', '2', member(2, `name ${i}`));
    const again = new Records(db);
    expect(again.get('members', '2')?.name).toBe('name 249');
    expect(db.get<{ n: number }>('SELECT count(*) AS n FROM record_update')?.n).toBe(1);
  });

  it('converges after any interleaving of writes and partial exchanges', () => {
    const step = fc.record({
      node: fc.integer({ min: 0, max: 2 }),
      key: fc.integer({ min: 1, max: 4 }),
      name: fc.string({ maxLength: 8 }),
      meets: fc.option(fc.integer({ min: 0, max: 2 })),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const nodes = [0, 1, 2].map(() => new Records(new Database(':memory:')));
        for (const { node, key, name, meets } of steps) {
          nodes[node]!.put('members', String(key), member(key, name));
          if (meets !== null && meets !== node) exchange(nodes[node]!, nodes[meets]!);
        }
        for (const [a, b] of [
          [0, 1],
          [1, 2],
          [0, 2],
          [0, 1],
        ] as const)
          exchange(nodes[a]!, nodes[b]!);
        expect(content(nodes[1]!)).toEqual(content(nodes[0]!));
        expect(content(nodes[2]!)).toEqual(content(nodes[0]!));
      }),
      { numRuns: 50 },
    );
  });

  it('refuses what is not an update and what does not fit the schema', () => {
    const records = new Records(new Database(':memory:'));
    records.put('members', '1', member(1, 'one'));
    expect(() => records.merge(new Uint8Array([255, 255, 255, 255]))).toThrow();
    expect(() => records.put('members', '1', { id: 99 } as never)).toThrow(TypeError);
    expect(records.all('members')).toEqual([member(1, 'one')]);
  });
});
