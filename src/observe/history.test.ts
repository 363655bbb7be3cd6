import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { Database } from '../store/database.ts';
import { LinkHistory, type LinkSample } from './history.ts';
import { HistoryStore, STEPS } from './history-store.ts';

const START = Date.parse('2026-06-01T12:00:00Z');
let now = START;
let db: Database;
let history: LinkHistory;

beforeEach(() => {
  now = START;
  db = new Database(':memory:');
  history = new LinkHistory(db, () => now);
});

const sample = (
  state: LinkSample['state'],
  rttMs: number | null,
  loss: number | null = 0,
  peer = 2,
): LinkSample => ({
  peer,
  state,
  probe: { rttMs, jitterMs: rttMs === null ? null : 0.5, loss },
});

/** Observes every two seconds, as the mesh does. */
function observe(seconds: number, links: (second: number) => LinkSample[]): void {
  for (let second = 0; second < seconds; second += 2) {
    history.note(links(second));
    now += 2000;
    if (second % 60 === 58) history.flush();
  }
}

const lastOf = <T>(list: readonly T[]) => list.at(-1);

describe('link history', () => {
  it('gives columns of one length, with gaps where nothing was measured', () => {
    observe(600, (second) => [sample('up', 10 + (second % 10))]);
    const columns = history.read(2, '1h');
    expect(columns).toMatchObject({ peer: 2, resolution_s: 10 });
    const { at, rtt_ms, rtt_min_ms, rtt_max_ms, jitter_ms, loss, up } = columns;
    for (const column of [rtt_ms, rtt_min_ms, rtt_max_ms, jitter_ms, loss, up])
      expect(column).toHaveLength(at.length);
    expect(at.slice(1).every((value, index) => value - at[index]! === 10_000)).toBe(true);
    expect(rtt_ms[0]).toBeNull();
    expect([lastOf(rtt_ms), lastOf(rtt_min_ms), lastOf(rtt_max_ms)]).toEqual([14, 10, 18]);
    expect([lastOf(jitter_ms), lastOf(loss), lastOf(up)]).toEqual([0.5, 0, 1]);
    expect(rtt_ms.filter((value) => value !== null)).toHaveLength(60);
    expect(history.read(3, '1h').rtt_ms.every((value) => value === null)).toBe(true);
  });

  it('weighs up-time by time and takes no round trip from a link that is down', () => {
    observe(60, (second) => (second % 10 < 4 ? [sample('down', 3, 1)] : [sample('degraded', 20, 0.5)]));
    const { rtt_ms, loss, up } = history.read(2, '1h');
    expect(lastOf(up)).toBeCloseTo(0.6);
    expect(lastOf(rtt_ms)).toBe(20);
    expect(lastOf(loss)).toBeCloseTo((2 * 1 + 3 * 0.5) / 5);
  });

  it('does not guess about the time in which nobody looked', () => {
    observe(60, () => [sample('up', 5)]);
    now += 600_000;
    observe(60, () => [sample('up', 5)]);
    const { up } = history.read(2, '1h');
    expect(up.filter((value) => value !== null)).toHaveLength(12);
  });

  it('makes minutes and quarters from the finer slots, extremes included', () => {
    observe(1800, (second) => [sample('up', second === 100 ? 500 : 10, second < 900 ? 0.1 : 0)]);
    const minutes = history.read(2, '6h');
    const at = minutes.at.indexOf(START + 60_000);
    expect(minutes.rtt_max_ms[at]).toBe(500);
    expect(minutes.rtt_ms[at]).toBeGreaterThan(10);
    expect(minutes.rtt_ms[at + 1]).toBe(10);
    const quarters = history.read(2, '7d');
    const first = quarters.at.indexOf(START);
    expect(quarters.resolution_s).toBe(900);
    expect(quarters.rtt_max_ms.slice(first, first + 2)).toEqual([500, 10]);
    expect(quarters.loss.slice(first, first + 2)).toEqual([0.1, 0]);
  });

  it('shows slots that are not written yet, and loses only those in a crash', () => {
    for (let second = 0; second < 40; second += 2, now += 2000) history.note([sample('up', 5)]);
    const known = () => history.read(2, '1h').rtt_ms.filter((value) => value !== null).length;
    expect(known()).toBe(3);
    expect(db.all('SELECT * FROM link_history')).toHaveLength(0);
    history.stop();
    history = new LinkHistory(db, () => now);
    expect(known()).toBe(4);
  });

  it('a clock that is set back breaks nothing', () => {
    observe(120, () => [sample('up', 5)]);
    now -= 3600_000;
    observe(120, () => [sample('up', 6)]);
    expect(lastOf(history.read(2, '1h').rtt_ms)).toBe(6);
  });
});

describe('its size', () => {
  it('stays below 20 MB for ten links and 31 days, and old slots go', () => {
    const folder = mkdtempSync(join(tmpdir(), 'meshwright-history-'));
    const file = join(folder, 'test.db');
    const disk = new Database(file);
    disk.run('PRAGMA synchronous = OFF');
    const end = START / 1000;
    // More of each step than is kept; the values are as wide as real ones get.
    for (const { step, keep } of STEPS) {
      disk.run(
        `WITH RECURSIVE slot (at) AS (SELECT ? UNION ALL SELECT at + ? FROM slot WHERE at + ? < ?),
           peer (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM peer WHERE id < 10)
         INSERT INTO link_history
         SELECT ?, id, at, 123456 + at % 1000, 150000 + at % 7777, 987654, 12345, at % 10000, 9999 FROM slot, peer`,
        end - 2 * keep,
        step,
        step,
        end,
        step,
      );
    }
    new HistoryStore(disk).write([], end);
    const counts = disk.all<{ step: number; rows: number; oldest: number }>(
      'SELECT step, count(*) AS rows, min(at) AS oldest FROM link_history GROUP BY step ORDER BY step',
    );
    expect(counts.map(({ step, rows }) => [step, rows])).toEqual(
      STEPS.map(({ step, keep }) => [step, (10 * keep) / step]),
    );
    for (const [index, { oldest }] of counts.entries()) expect(oldest).toBe(end - STEPS[index]!.keep);
    disk.close();
    expect(statSync(file).size).toBeLessThan(20e6);
    rmSync(folder, { recursive: true });
  });
});
