import { beforeEach, expect, it } from 'vitest';
import { Database } from '../store/database.ts';
import { Sessions } from './sessions.ts';

const HOUR = 3600_000;
let now = 0;
let db: Database;
let sessions: Sessions;

beforeEach(() => {
  now = Date.parse('2026-06-01T12:00:00Z');
  db = new Database(':memory:');
  sessions = new Sessions(db, () => now);
});

it('outlives a restart of the controller, and the store cannot log in', () => {
  const id = sessions.begin();
  expect(new Sessions(db, () => now).use(id)).not.toBeNull();
  const stored = JSON.stringify(db.all('SELECT * FROM session'));
  expect(stored).not.toContain(id);
});

it('ends after twelve idle hours and not while it is used', () => {
  const used = sessions.begin();
  const idle = sessions.begin();
  for (let hour = 0; hour < 13; hour++) {
    now += HOUR;
    expect(sessions.use(used)).not.toBeNull();
  }
  expect(sessions.find(idle)).toBeNull();
});

it('being looked at is no use', () => {
  const id = sessions.begin();
  now += 11 * HOUR;
  expect(sessions.find(id)).not.toBeNull();
  now += 2 * HOUR;
  expect(sessions.find(id)).toBeNull();
});

it('ends after a week however much it is used', () => {
  const id = sessions.begin();
  for (let hour = 1; hour < 7 * 24; hour++) {
    now += HOUR;
    expect(sessions.use(id)).not.toBeNull();
  }
  now += HOUR;
  expect(sessions.use(id)).toBeNull();
});

it('keeps fifty, those that were used last', () => {
  const first = sessions.begin();
  const second = sessions.begin();
  now += HOUR;
  sessions.use(first);
  const rest = Array.from({ length: 49 }, () => sessions.begin());
  expect(sessions.find(second)).toBeNull();
  for (const id of [first, ...rest]) expect(sessions.find(id)).not.toBeNull();
});

it('keeps those of others, however often one of them logs in', () => {
  db.run("INSERT INTO user (name, role, created_at) VALUES ('a', 'admin', 0), ('b', 'viewer', 0)");
  const admin = sessions.begin({ userId: 1 });
  now += HOUR;
  const own = Array.from({ length: 60 }, () => sessions.begin({ userId: 2 }));
  expect(sessions.find(admin)).not.toBeNull();
  expect(own.filter((id) => sessions.find(id) !== null)).toHaveLength(50);
});

it('tells those who watch one that it is over', () => {
  const id = sessions.begin();
  let ended = 0;
  sessions.onEnd(sessions.find(id)!, () => ended++);
  const stop = sessions.onEnd(sessions.find(id)!, () => (ended += 100));
  stop();
  now += 12 * HOUR;
  sessions.sweep();
  expect(ended).toBe(1);
});
