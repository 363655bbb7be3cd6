import { beforeEach, expect, it } from 'vitest';
import { Database } from '../store/database.ts';
import { AuditLog } from './audit-log.ts';

let db: Database;
const entry = (actor: string, status = 200) => ({
  at: 1_780_000_000_000,
  actor,
  source: '192.0.2.1',
  action: 'PUT /api/config',
  summary: 'Change names',
  target: {},
  status,
  error: status >= 400 ? 'PERMISSION_MISSING' : null,
  changes: [],
});

beforeEach(() => {
  db = new Database(':memory:');
});

it('tells the newest first, in pages and filtered', () => {
  const log = new AuditLog(db);
  for (let at = 0; at < 10; at++) log.add(entry(at % 2 ? 'odd' : 'even', at === 7 ? 403 : 200));
  expect(log.list({ limit: 2 }).map(({ seq }) => seq)).toEqual([10, 9]);
  expect(log.list({ limit: 2, before: 9 }).map(({ seq }) => seq)).toEqual([8, 7]);
  expect(log.list({ actor: 'ODD' })).toHaveLength(5);
  expect(log.list({ outcome: 'refused' }).map(({ seq }) => seq)).toEqual([8]);
  expect(log.list({ action: 'NAMES' })).toHaveLength(10);
  expect(log.list({ action: "%' OR 1=1 --" })).toEqual([]);
  expect(log.list({ from: 1_780_000_000_001 })).toEqual([]);
});

it.each(['no JSON', '5', '"text"', ''])('tells the others when somebody made one entry %j', (text) => {
  const log = new AuditLog(db);
  for (let at = 0; at < 3; at++) log.add(entry('ada', at === 2 ? 403 : 200));
  db.run('UPDATE audit SET entry = ? WHERE seq = 2', text);
  expect(log.list({}).map(({ seq }) => seq)).toEqual([3, 1]);
  expect(log.list({ actor: 'ada', outcome: 'done', from: 1 }).map(({ seq }) => seq)).toEqual([1]);
  expect(log.verify()).toMatchObject({ intact: false, broken_at: 2 });
});

it('is intact, also after its oldest entries made room and after a restart', () => {
  const log = new AuditLog(db, 1000);
  db.transaction(() => {
    for (let at = 0; at < 2600; at++) log.add(entry('a'));
  });
  const verdict = new AuditLog(db, 1000).verify();
  expect(verdict).toMatchObject({ intact: true, last: 2600, broken_at: null });
  expect(verdict.entries).toBeLessThanOrEqual(1500);
  expect(verdict.first).toBe(2600 - verdict.entries + 1);
});

it.each([
  ['changed', `UPDATE audit SET entry = replace(entry, 'mallory', 'alice') WHERE seq = 3`, 3],
  ['removed from the middle', 'DELETE FROM audit WHERE seq = 3', 3],
  ['removed from the end', 'DELETE FROM audit WHERE seq = 5', 5],
  ['removed from the beginning', 'DELETE FROM audit WHERE seq = 1', 1],
  ['added', `INSERT INTO audit (seq, entry, hash) VALUES (6, '{"seq":6}', '00')`, 6],
  ['swapped', 'UPDATE audit SET seq = CASE seq WHEN 2 THEN -3 WHEN 3 THEN -2 END WHERE seq IN (2, 3)', 1],
])('notices an entry that was %s', (_, sql, at) => {
  const log = new AuditLog(db);
  for (const actor of ['a', 'b', 'mallory', 'd', 'e']) log.add(entry(actor));
  expect(log.verify().intact).toBe(true);
  db.run(sql);
  expect(log.verify()).toMatchObject({ intact: false, broken_at: at });
});
