import { afterEach, describe, expect, it } from 'vitest';
import type { Ipv4 } from '../net/ipv4.ts';
import type { ControllerId } from '../topology/controller-id.ts';
import { addressingWith, type TestMember, TestMembers } from './pack.fixture.ts';

/*
 *      [ 1 ]        three members in one process, mutual TLS between their loopback addresses;
 *     /     \       controller 1 is home of everything until it passes packs on
 *  [ 2 ]---[ 3 ]
 */
const ANY = { low: null, high: null, includeDisabled: false };
let net = 0;
let mesh: TestMembers;
const start = (clients: number, count = 3) => {
  mesh = new TestMembers(++net, count, clients);
  return mesh.members;
};
const shared = async () => {
  await mesh.members[0]!.sharing.share();
  await mesh.settle();
};

afterEach(() => mesh.stop());

describe('handing out packs', { timeout: 60_000 }, () => {
  it('never gives one pack to two, when all are asked at the same moment until nothing is left', async () => {
    const members = start(30);
    await mesh.settle();
    await shared();
    const asked = Array.from({ length: 40 }, (_, at) => members[at % 3]!.homes.next(ANY));
    const results = await Promise.allSettled(asked);
    const given = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(new Set(given).size).toBe(given.length);
    expect(given).toHaveLength(30);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'PACKS_NONE' });
    await mesh.settle();
    for (const { book } of members)
      expect(book.packs().filter(({ checkout }) => checkout !== null)).toHaveLength(30);
  });

  it('shares the free packs, so that each controller has some when it is alone', async () => {
    const members = start(30);
    await mesh.settle();
    await shared();
    for (const { homes } of members)
      expect(Object.fromEntries(homes.shares())).toEqual({ 1: 10, 2: 10, 3: 10 });
    mesh.cut(1, 2);
    mesh.cut(1, 3);
    mesh.cut(2, 3);
    const given: Ipv4[] = [];
    for (const { homes } of members) {
      for (let n = 0; n < 10; n++) given.push(await homes.next(ANY));
      await expect(homes.next(ANY)).rejects.toMatchObject({ code: 'PACKS_ELSEWHERE' });
    }
    expect(new Set(given).size).toBe(30);
    mesh.heal();
    await mesh.settle();
    for (const { book, homes } of members) {
      expect(book.packs().every(({ checkout }) => checkout !== null)).toBe(true);
      await expect(homes.next(ANY)).rejects.toMatchObject({ code: 'PACKS_NONE' });
    }
  });

  it('asks the home once the own share is used up, and shows the result at once', async () => {
    const members = start(9);
    await mesh.settle();
    const [first, second] = members;
    // Nothing was shared yet: controller 2 has no share and asks controller 1.
    const address = await second!.homes.next(ANY);
    expect(second!.book.find(address)?.checkout).toMatchObject({ by: 1 });
    expect(first!.book.find(address)?.checkout).toMatchObject({ by: 1 });
  });

  it('marks nothing for a controller that does not know it yet, because its licence is the smaller one', async () => {
    const [one, two] = start(6, 2) as [TestMember, TestMember];
    await mesh.settle();
    Object.assign(one, { addressing: addressingWith(12), capacity: 12 });
    await one.maker.fill();
    const asked = await Promise.allSettled(Array.from({ length: 9 }, () => two.homes.next(ANY)));
    const given = asked.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const refused = asked.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    for (const address of given) expect(two.book.find(address)).toBeTruthy();
    expect(refused.map(({ code }) => code)).toContain('PACK_HOME_CHANGED');
    await mesh.settle();
    const marked = one.book.packs().filter(({ checkout }) => checkout !== null);
    expect(marked.map(({ address }) => address).sort()).toEqual([...given].sort());
  });

  it('keeps to the range, and to enabled packs unless told otherwise', async () => {
    const members = start(6);
    const [first] = members;
    await mesh.settle();
    const at = (n: number) => first!.book.packs()[n]!.address;
    first!.service.setEnabled([first!.book.packs()[2]!], false);
    const range = { low: at(2), high: at(3), includeDisabled: false };
    expect(await first!.homes.next(range)).toBe(at(3));
    await expect(first!.homes.next(range)).rejects.toMatchObject({ code: 'PACKS_NONE' });
    expect(await first!.homes.next({ ...range, includeDisabled: true })).toBe(at(2));
  });

  it('lets the home set and clear the mark for others, and changes nothing while a home is away', async () => {
    const members = start(6);
    await mesh.settle();
    await shared();
    const [first, second, third] = members;
    await third!.homes.setCheckedOut(third!.book.packs(), true);
    await mesh.settle();
    for (const { book } of members) expect(book.packs().every(({ checkout }) => checkout)).toBe(true);
    await first!.homes.setCheckedOut(first!.book.packs(), false);
    await mesh.settle();
    mesh.cut(2, 1);
    mesh.cut(2, 3);
    await expect(first!.homes.setCheckedOut(first!.book.packs(), true)).rejects.toMatchObject({
      code: 'PACK_HOME_UNREACHABLE',
    });
    expect(first!.book.packs().some(({ checkout }) => checkout)).toBe(false);
    const own = second!.book.packs().filter(({ home }) => home === 2);
    await second!.homes.setCheckedOut(own, true);
    expect(second!.book.packs().filter(({ checkout }) => checkout)).toHaveLength(own.length);
  });

  it('gives the share of a dead controller to whoever takes it over, and not while it answers', async () => {
    const members = start(9);
    await mesh.settle();
    await shared();
    const [, second, third] = members;
    await expect(third!.homes.takeOver(1 as ControllerId)).rejects.toMatchObject({ code: 'PACK_HOME_ALIVE' });
    await expect(third!.homes.takeOver(3 as ControllerId)).rejects.toMatchObject({
      code: 'PACK_CONTROLLER_UNKNOWN',
    });
    mesh.cut(1, 2);
    mesh.cut(1, 3);
    expect(await third!.homes.takeOver(1 as ControllerId)).toBe(3);
    await mesh.settle();
    expect(Object.fromEntries(second!.homes.shares())).toEqual({ 2: 3, 3: 6 });
    const given = new Set<Ipv4>();
    for (let n = 0; n < 9; n++) given.add(await second!.homes.next(ANY));
    expect(given.size).toBe(9);
  });

  it('does not hand out what is being passed on, and passes nothing on that was handed out meanwhile', async () => {
    const members = start(30);
    await mesh.settle();
    const [first] = members;
    const busy = Array.from({ length: 12 }, () => first!.homes.next(ANY));
    await first!.sharing.share();
    const given = await Promise.all(busy);
    await mesh.settle();
    for (const { book } of members)
      for (const address of given) expect(book.find(address)).toMatchObject({ home: 1, checkout: { by: 1 } });
  });
});

describe('credentials of packs', { timeout: 60_000 }, () => {
  it('come from one controller when an upgrade brings clients, in whatever order it is uploaded', async () => {
    const members = start(4);
    await mesh.settle();
    const [first, second, third] = members;
    const upgrade = async (member: (typeof members)[number]) => {
      member.addressing = addressingWith(7);
      member.capacity = 7;
      await member.maker.fill();
    };
    await upgrade(second!);
    await upgrade(third!);
    await mesh.settle();
    expect(second!.book.packs().filter(({ material }) => material === null)).toHaveLength(3);
    await upgrade(first!);
    await mesh.settle();
    const text = (member: (typeof members)[number]) =>
      JSON.stringify(member.book.packs().map(({ material }) => material));
    expect(first!.book.packs()).toHaveLength(7);
    expect(first!.book.packs().every(({ material }) => material !== null)).toBe(true);
    for (const member of [second!, third!]) expect(text(member)).toBe(text(first!));
  });

  it('made anew win over older ones on every controller, also after both sides of a partition made some', async () => {
    const members = start(3);
    await mesh.settle();
    const [first, second, third] = members;
    const address = first!.book.packs()[0]!.address;
    const before = first!.book.find(address)!.material;
    mesh.cut(3, 1);
    mesh.cut(3, 2);
    await first!.maker.renew(first!.book.find(address)!);
    await third!.maker.renew(third!.book.find(address)!);
    await third!.maker.renew(third!.book.find(address)!);
    await mesh.settle();
    expect(second!.book.find(address)).toMatchObject({ generation: 1 });
    mesh.heal();
    await mesh.settle();
    const newest = third!.book.find(address)!;
    expect(newest.generation).toBe(2);
    for (const { book } of members) {
      expect(book.find(address)).toEqual(newest);
      expect(book.find(address)!.material).not.toEqual(before);
    }
  });
});
