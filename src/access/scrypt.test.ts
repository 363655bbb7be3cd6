import { scryptSync } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { ApiPassword } from '../controller/api-password.ts';
import { Database, type Recording } from '../store/database.ts';
import { hashPassword, isCheap, matchesHash, NOBODY, type StoredHash } from './scrypt.ts';
import { Users } from './users.ts';

vi.unmock('./scrypt.ts');

/** As the first versions stored it. */
function cheapHash(password: string): StoredHash {
  const salt = Buffer.alloc(16, 7);
  const hash = scryptSync(password, salt, 32, { N: 16_384, r: 8, p: 1 }).toString('base64');
  return { salt: salt.toString('base64'), hash, cost: 16_384 };
}

it('asks for as much as is advised today, and stores what it asked for', async () => {
  const { cost, parallel, salt, hash } = await hashPassword('a password');
  // 2^17 once; the same with less memory and more passes.
  expect([cost, parallel]).toEqual([2 ** 15, 3]);
  expect([salt, hash].map((text) => Buffer.from(text, 'base64').length)).toEqual([16, 32]);
  const again = await hashPassword('a password');
  expect(again.salt).not.toBe(salt);
  const expected = scryptSync('a password', Buffer.from(salt, 'base64'), 32, {
    N: 2 ** 15,
    r: 8,
    p: 3,
    maxmem: 128 << 20,
  });
  expect(hash).toBe(expected.toString('base64'));
  expect(isCheap(again)).toBe(false);
  // An unknown user must cost what a known one does.
  expect([NOBODY.cost, NOBODY.parallel]).toEqual([cost, parallel]);
});

it('knows hashes of before, and those that will ask for more', async () => {
  const old = cheapHash('a password');
  expect([await matchesHash('a password', old), await matchesHash('another', old)]).toEqual([true, false]);
  expect(isCheap(old)).toBe(true);
  const dear = { N: 2 ** 17, r: 8, p: 1, maxmem: 300 << 20 };
  const hash = scryptSync('a password', Buffer.alloc(16), 32, dear).toString('base64');
  const stored = { salt: Buffer.alloc(16).toString('base64'), hash, cost: 2 ** 17, parallel: 1 };
  expect([await matchesHash('a password', stored), isCheap(stored)]).toEqual([true, false]);
});

it('is renewed when its user logs in, and by nobody else; no change is told of it', async () => {
  const db = new Database(':memory:');
  const users = new Users(db);
  await users.create({ name: 'anna', password: 'a password', role: 'admin' });
  const old = JSON.stringify(cheapHash('a password'));
  db.run('UPDATE user SET password = ?', old);
  const stored = () => db.get<{ password: string }>('SELECT password FROM user')!.password;
  const fresh = new Users(db);
  expect(await fresh.verify('anna', 'a wrong one')).toBeNull();
  expect(stored()).toBe(old);
  const recording: Recording = { changes: [], isOver: false };
  const user = await db.recordInto(recording, () => fresh.verify('anna', 'a password'));
  expect(user?.name).toBe('anna');
  expect(isCheap(JSON.parse(stored()))).toBe(false);
  expect(recording.changes).toEqual([]);
  for (const one of [fresh, new Users(db)]) {
    expect((await one.verify('anna', 'a password'))?.name).toBe('anna');
    expect(await one.verify('anna', 'a wrong one')).toBeNull();
  }
});

it('of a user is not brought back when the password is changed while it is renewed, and lets nobody in', async () => {
  const db = new Database(':memory:');
  const users = new Users(db);
  const { id } = await users.create({ name: 'anna', password: 'a password', role: 'admin' });
  const old = JSON.stringify(cheapHash('a password'));
  db.run('UPDATE user SET password = ?', old);
  const { run } = db;
  // The moment before the renewed hash is stored, when somebody else stores another password.
  db.run = (sql, ...values) => {
    if (values.at(-1) === old) run.call(db, 'UPDATE user SET password = ?', JSON.stringify(newer));
    return run.call(db, sql, ...values);
  };
  const newer = await hashPassword('a new one');
  expect(await users.verify('anna', 'a password')).toBeNull();
  expect((await users.verify('anna', 'a new one'))?.id).toBe(id);
  expect(await users.verify('anna', 'a password')).toBeNull();
});

it('of the API is renewed in the same way', async () => {
  const db = new Database(':memory:');
  await new ApiPassword(db).set('a password');
  const stored = () =>
    db.get<{ value: string }>(`SELECT value FROM secret WHERE key = 'api.password'`)!.value;
  db.run(`UPDATE secret SET value = ? WHERE key = 'api.password'`, JSON.stringify(cheapHash('a password')));
  const fresh = new ApiPassword(db);
  expect([await fresh.verify('wrong'), isCheap(JSON.parse(stored()))]).toEqual([false, true]);
  expect([await fresh.verify('a password'), isCheap(JSON.parse(stored()))]).toEqual([true, false]);
  expect(await new ApiPassword(db).verify('a password')).toBe(true);
});
