import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readChangeset } from './changeset.ts';

const text = fc.string({ unit: 'binary' }).filter((one) => !one.includes('\0') && one.isWellFormed());
const value = fc.oneof(
  text,
  fc.constant(null),
  fc.string({ minLength: 200, maxLength: 20_000 }).filter((one) => !one.includes('\0')),
);

it('reads what SQLite wrote about inserts, updates and deletes', () => {
  const db = new DatabaseSync(':memory:');
  db.exec('CREATE TABLE thing (id INTEGER PRIMARY KEY, a TEXT, b REAL, c BLOB, d INTEGER) STRICT');
  const one = fc.record({
    a: value,
    b: fc.option(fc.double({ noNaN: true }).map((one) => one + 0)),
    c: fc.option(fc.uint8Array()),
    d: fc.option(fc.maxSafeInteger()),
  });
  const seen = (work: () => void) => {
    const session = db.createSession();
    work();
    const changes = readChangeset(session.changeset());
    session.close();
    return changes;
  };
  fc.assert(
    fc.property(one, value, (row, other) => {
      fc.pre(other !== row.a);
      db.exec('DELETE FROM thing');
      const values = [row.a, row.b, row.c, row.d] as const;
      const inserted = seen(() => db.prepare('INSERT INTO thing VALUES (1, ?, ?, ?, ?)').run(...values));
      expect(inserted).toEqual([{ table: 'thing', kind: 'insert', before: [], after: [1, ...values] }]);
      const updated = seen(() => db.prepare('UPDATE thing SET a = ?').run(other));
      expect(updated[0]!.before.slice(0, 2)).toEqual([1, row.a]);
      expect(updated[0]!.after.slice(1)).toEqual([other, undefined, undefined, undefined]);
      const deleted = seen(() => db.exec('DELETE FROM thing'));
      expect(deleted[0]).toMatchObject({ kind: 'delete', before: [1, other, row.b, row.c, row.d] });
    }),
  );
});
