import { beforeEach, describe, expect, it } from 'vitest';
import type { Cidr } from '../net/ipv4.ts';
import { Database } from '../store/database.ts';
import type { ControllerId } from '../topology/controller-id.ts';
import { PeeringService } from './peering-service.ts';

const subnet = '100.127.255.192/26' as Cidr;
const topology = { subnet, controllers: [1, 2, 3].map((id) => ({ id: id as ControllerId })) };
let db: Database;
let peering: PeeringService;

beforeEach(() => {
  db = new Database(':memory:');
  peering = new PeeringService(db, () => topology);
});

describe('own id', () => {
  it('is unset, is set, can change, survives a restart', () => {
    expect(peering.effective()).toEqual({ self: null, rows: [] });
    peering.setSelf('1', true);
    peering.setSelf(2, true);
    expect(new PeeringService(db, () => topology).effective().self).toBe(2);
  });

  it.each([0, 4, 11, -1, 1.5, 'x', '', null, undefined, true, [1], { id: 2 }])('refuses %j', (id) => {
    expect(() => peering.setSelf(id, true)).toThrow(/^id is invalid$/);
  });

  it('cannot be that of a configured peer', () => {
    peering.setSelf(1, true);
    peering.add(2, { address: '192.0.2.2' }, true);
    expect(() => peering.setSelf(2, true)).toThrow(/^id is invalid$/);
    expect(peering.effective().self).toBe(1);
  });

  it('is refused without a licence', () => {
    const unlicensed = new PeeringService(db, () => null);
    expect(() => unlicensed.setSelf(1, true)).toThrow('id is invalid');
  });
});

describe('peers', () => {
  beforeEach(() => peering.setSelf(1, true));

  it('are added, changed and removed', () => {
    peering.add('2', { address: '192.0.2.2' }, true);
    peering.add(3, { address: 'c3.example.net', mtu: '9000'.slice(0, 3) }, true);
    expect(peering.effective().rows).toEqual([
      { id: 2, address: '192.0.2.2', mtu: 1500 },
      { id: 3, address: 'c3.example.net', mtu: 900 },
    ]);
    peering.update('2', { mtu: 4800 }, true);
    peering.update('3', { address: '2001:db8::3' }, true);
    peering.remove('2', true);
    peering.remove('2', true);
    expect(peering.effective().rows).toEqual([{ id: 3, address: '2001:db8::3', mtu: 900 }]);
  });

  it('the same call again changes nothing', () => {
    peering.add(2, { address: '192.0.2.2', mtu: 1400 }, true);
    const before = peering.effective();
    peering.add(2, { address: '192.0.2.2', mtu: 1400 }, true);
    expect(peering.effective()).toEqual(before);
  });

  it('names the bad id in the words of each call', () => {
    expect(() => peering.add(5, { address: '192.0.2.2' }, true)).toThrow(/^5 is an invalid controller id$/);
    expect(() => peering.add(1, { address: '192.0.2.2' }, true)).toThrow(/^1 is an invalid controller id$/);
    expect(() => peering.add({ id: 2 }, { address: '192.0.2.2' }, true)).toThrow(
      /is an invalid controller id$/,
    );
    expect(() => peering.update('20', { mtu: 1500 }, true)).toThrow(/^20 is invalid as controller id\.$/);
    expect(() => peering.remove('1', true)).toThrow(/^1 is invalid as controller id\.$/);
  });

  it.each([499, 4801, 0, -1, 1500.5, 'big', '1e3', true, {}])('refuses an MTU of %j', (mtu) => {
    expect(() => peering.add(2, { address: '192.0.2.2', mtu }, true)).toThrow(/overlay_mtu.*500 to 4800/);
  });

  it.each([500, 4800, '500', ' 1500 '])('takes an MTU of %j', (mtu) => {
    peering.add(2, { address: '192.0.2.2', mtu }, true);
    expect(peering.effective().rows[0]!.mtu).toBe(Number(mtu));
  });

  it.each(['10.0.0.300', 'a b', 'bad_name', '::1', 7])('refuses the address %j', (address) => {
    expect(() => peering.add(2, { address }, true)).toThrow(/^name is invalid/);
  });

  it('refuses an address inside the overlay, which would loop the tunnel into itself', () => {
    expect(() => peering.add(2, { address: '100.127.255.252' }, true)).toThrow(/overlay/);
  });

  it('needs an address for a new peer only', () => {
    expect(() => peering.add(2, {}, true)).toThrow('name is missing');
    peering.add(2, { address: '192.0.2.2' }, true);
    peering.add(2, { mtu: 1400 }, true);
    expect(peering.effective().rows).toEqual([{ id: 2, address: '192.0.2.2', mtu: 1400 }]);
  });
});

describe('a draft', () => {
  beforeEach(() => {
    peering.setSelf(1, true);
    peering.add(2, { address: '192.0.2.2' }, true);
  });

  it('is shown but has no effect until the next forced change', () => {
    const running = peering.effective();
    peering.add(3, { address: '192.0.2.3' }, false);
    peering.update('2', { mtu: 1400 }, false);
    expect(peering.effective()).toEqual(running);
    expect(peering.current().rows.map(({ id }) => id)).toEqual([2, 3]);
    expect([...peering.draftIds()].sort()).toEqual([2, 3]);
    peering.update('3', { mtu: 1300 }, true);
    expect(peering.effective().rows).toEqual([
      { id: 2, address: '192.0.2.2', mtu: 1400 },
      { id: 3, address: '192.0.2.3', mtu: 1300 },
    ]);
    expect(peering.draftIds().size).toBe(0);
  });

  it('holds removals and the own id as well', () => {
    peering.remove('2', false);
    peering.setSelf(2, false);
    expect(peering.effective()).toEqual({ self: 1, rows: [{ id: 2, address: '192.0.2.2', mtu: 1500 }] });
    expect(peering.current()).toEqual({ self: 2, rows: [] });
    expect([...peering.draftIds()].sort()).toEqual([1, 2]);
  });

  it('goes on waiting when a controller joins, whose row takes effect at once', () => {
    peering.remove(2, false);
    peering.addJoined(3, { address: '192.0.2.33', mtu: 1400 });
    const joined = { id: 3, address: '192.0.2.33', mtu: 1400 };
    expect(peering.effective().rows).toContainEqual(joined);
    expect(peering.effective().rows.map(({ id }) => id)).toContain(2);
    expect(peering.current().rows).toContainEqual(joined);
    expect(peering.current().rows.map(({ id }) => id)).not.toContain(2);
    expect(() => peering.addJoined(1, { address: '192.0.2.1' })).toThrow('1 is an invalid controller id');
    expect(() => peering.addJoined(9, { address: '192.0.2.9' })).toThrow('9 is an invalid controller id');
  });

  it('is not touched by a change that is refused', () => {
    peering.add(3, { address: '192.0.2.3' }, false);
    const before = peering.current();
    expect(() => peering.add(9, { address: '192.0.2.9' }, true)).toThrow();
    expect(peering.current()).toEqual(before);
  });
});

describe('the whole table at once', () => {
  it('replaces everything, draft included', () => {
    peering.setSelf(1, true);
    peering.add(2, { address: '192.0.2.2' }, false);
    peering.replaceAll(2, [
      { id: 3, address: '192.0.2.3', mtu: 1400 },
      { id: '1', address: '192.0.2.1' },
    ]);
    expect(peering.current()).toEqual({
      self: 2,
      rows: [
        { id: 1, address: '192.0.2.1', mtu: 1500 },
        { id: 3, address: '192.0.2.3', mtu: 1400 },
      ],
    });
    expect(peering.effective()).toEqual(peering.current());
  });

  it('is refused with a revision from before somebody else changed a row', () => {
    peering.setSelf(1, true);
    const read = peering.revision();
    const rows = [{ id: 2, address: '192.0.2.2' }];
    peering.addJoined(3, { address: '192.0.2.3' });
    expect(peering.revision()).not.toBe(read);
    const before = peering.current();
    expect(() => peering.replaceAll(1, rows, read)).toThrow(
      expect.objectContaining({ code: 'PEERING_CHANGED' }),
    );
    expect(peering.current()).toEqual(before);

    peering.replaceAll(1, rows, peering.revision());
    expect(peering.effective().rows.map(({ id }) => id)).toEqual([2]);
    peering.replaceAll(1, []);
    expect(peering.revision()).toBe(read);
  });

  it('has a revision of what is shown, draft included', () => {
    peering.setSelf(1, true);
    const before = peering.revision();
    peering.add(2, { address: '192.0.2.2' }, false);
    const draft = peering.revision();
    expect(draft).not.toBe(before);
    peering.update(2, { mtu: 1500 }, true);
    expect(peering.revision()).toBe(draft);
  });

  it.each([
    ['self', null, []],
    ['self', 4, []],
    ['peers[0].id', 1, [{ id: 1, address: '192.0.2.1' }]],
    [
      'peers[1].id',
      1,
      [
        { id: 2, address: '192.0.2.2' },
        { id: '2', address: '192.0.2.3' },
      ],
    ],
    [
      'peers[1].address',
      1,
      [
        { id: 2, address: '192.0.2.2' },
        { id: 3, address: 'bad name' },
      ],
    ],
    ['peers[0].mtu', 1, [{ id: 2, address: '192.0.2.2', mtu: 1 }]],
    ['peers[0].address', 1, [{ id: 2, address: '' }]],
  ])('names %s and stores nothing', (field, self, rows) => {
    peering.setSelf(3, true);
    expect(() => peering.replaceAll(self, rows)).toThrow(expect.objectContaining({ field }));
    expect(peering.current()).toEqual({ self: 3, rows: [] });
  });
});
