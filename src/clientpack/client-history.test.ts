import { describe, expect, it } from 'vitest';
import type { Ipv4 } from '../net/ipv4.ts';
import { Database } from '../store/database.ts';
import type { ControllerId } from '../topology/controller-id.ts';
import { ClientHistory } from './client-history.ts';

const A = '100.127.255.193' as Ipv4;
const B = '100.127.255.194' as Ipv4;
const held = (...pairs: [Ipv4, number][]) =>
  new Map(pairs.map(([address, id]) => [address, id as ControllerId] as const));

describe('the history of clients', () => {
  it('says who came, moved and went, newest first', () => {
    let now = 1000;
    const history = new ClientHistory(new Database(':memory:'), () => now);
    expect(history.note(held([A, 1], [B, 2]))).toBe(true);
    expect(history.note(held([A, 1], [B, 2]))).toBe(false);
    now = 2000;
    history.note(held([A, 3], [B, 2]));
    now = 3000;
    history.note(held([B, 2]));
    expect(history.of(A)).toEqual([
      { at: 3000, kind: 'detached', holder: 3, from: null },
      { at: 2000, kind: 'moved', holder: 3, from: 1 },
      { at: 1000, kind: 'attached', holder: 1, from: null },
    ]);
    expect(history.last(A)).toEqual({ connectedAt: 2000, disconnectedAt: 3000 });
    expect(history.last(B)).toEqual({ connectedAt: 1000, disconnectedAt: null });
    expect(history.last('100.127.255.195' as Ipv4)).toEqual({ connectedAt: null, disconnectedAt: null });
  });

  it('goes on after a restart without telling anything twice', () => {
    const db = new Database(':memory:');
    new ClientHistory(db, () => 1000).note(held([A, 1], [B, 2]));
    const again = new ClientHistory(db, () => 5000);
    expect(again.last(A).connectedAt).toBe(1000);
    expect(again.note(held([A, 1], [B, 2]))).toBe(false);
    again.note(held([B, 1]));
    expect(again.of(A).map(({ kind }) => kind)).toEqual(['detached', 'attached']);
    expect(again.of(B).map(({ kind }) => kind)).toEqual(['moved', 'attached']);
  });

  it('is bounded for each client', () => {
    const db = new Database(':memory:');
    const history = new ClientHistory(db);
    for (let n = 0; n < 600; n++) history.note(n % 2 === 0 ? held([A, 1]) : held());
    const { kept } = db.get<{ kept: number }>('SELECT count(*) AS kept FROM client_event')!;
    expect(kept).toBeLessThan(300);
    expect(history.of(A)).toHaveLength(200);
  });
});
