import { afterAll, beforeAll, expect, it } from 'vitest';
import { Database } from '../../src/store/database.ts';
import { cli } from '../support/cli.ts';
import { page } from './support/caller.ts';
import { ControllerProcess } from './support/controller-process.ts';

/** Class 14: somebody at the machine who changes the log of a running controller, and the command that finds out. */
let subject: ControllerProcess;

beforeAll(async () => {
  subject = await new ControllerProcess().start();
  for (const name of ['one', 'two', 'three', 'four'])
    expect((await subject.api('PUT', '/config', { topology_name: name })).status).toBe(200);
});
afterAll(() => subject.stop());

const verify = () => cli(['audit', 'verify'], { MESHWRIGHT_FOLDER: subject.folder });
const withStore = (work: (db: Database) => void) => {
  const db = new Database(subject.database);
  work(db);
  db.close();
};
type Row = { seq: number; entry: string; hash: string };

it('class 14: a log that nobody changed is intact, also on the command line', async () => {
  const { code, stdout } = await verify();
  expect([code, stdout]).toEqual([0, expect.stringMatching(/entries\nhead [0-9a-f]{64}/)]);
});

it.each<[string, (db: Database, row: Row) => void]>([
  [
    'another actor',
    (db, { seq, entry }) =>
      db.run(
        'UPDATE audit SET entry = ? WHERE seq = ?',
        entry.replace('"actor":"api"', '"actor":"bob"'),
        seq,
      ),
  ],
  ['another hash', (db, { seq }) => db.run('UPDATE audit SET hash = ? WHERE seq = ?', '0'.repeat(64), seq)],
  ['nothing in its place', (db, { seq }) => db.run('DELETE FROM audit WHERE seq = ?', seq)],
  ['what is no entry', (db, { seq }) => db.run(`UPDATE audit SET entry = 'x' WHERE seq = ?`, seq)],
])('class 14: an entry with %s is found by `meshwright audit verify`', async (_, tamper) => {
  let row!: Row;
  withStore((db) => {
    row = db.get<Row>(`SELECT * FROM audit WHERE entry LIKE '%two%' ORDER BY seq LIMIT 1`)!;
    tamper(db, row);
  });
  const { code, stderr } = await verify();
  expect([code, stderr]).toEqual([1, expect.stringContaining(`broken at entry ${row.seq}`)]);
  withStore((db) =>
    db.run('INSERT OR REPLACE INTO audit (seq, entry, hash) VALUES (?, ?, ?)', row.seq, row.entry, row.hash),
  );
  expect((await verify()).code).toBe(0);
});

it('class 14: what happened is told with its true source and without what was typed', async () => {
  const headers = { ...page(subject.port), 'x-forwarded-for': '203.0.113.9', forwarded: 'for=203.0.113.9' };
  const body = JSON.stringify({ username: 'my secret password', password: 'x' });
  expect((await subject.ask({ method: 'POST', path: '/api/session', headers, body })).status).toBe(401);
  const list = (await subject.api('GET', '/mesh/audit')).text;
  expect(list).toContain('LOGIN_FAILED');
  expect(list).not.toMatch(/203\.0\.113\.9|my secret password/);
});
