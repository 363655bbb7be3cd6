import { afterAll, describe, expect, it } from 'vitest';
import { IpShow } from './ip-show.ts';

const ip = new IpShow();
afterAll(() => ip.stop());

interface Link {
  readonly ifname: string;
}

describe('the ip that stays', () => {
  it('answers each question with its own answer, also when many are asked at once', async () => {
    const [links, rules, loopback, nothing] = await Promise.all([
      ip.ask<Link>('link show'),
      ip.ask<{ table: string }>('rule show'),
      ip.ask<Link & { addr_info: unknown[] }>('address show dev lo'),
      ip.ask<object>('route show table 77777'),
    ]);
    expect(links.map(({ ifname }) => ifname)).toContain('lo');
    expect(rules.map(({ table }) => table)).toContain('main');
    expect(loopback.map(({ ifname }) => ifname)).toEqual(['lo']);
    expect(nothing).toEqual([]);
  });

  it('keeps its place after a question that it does not understand', async () => {
    const [odd, links] = await Promise.all([ip.ask('nonsense show'), ip.ask<Link>('link show')]);
    expect(odd).toEqual([]);
    expect(links[0]!.ifname).toBe('lo');
  });

  it('starts again when it is gone', async () => {
    const other = new IpShow();
    expect(await other.ask<Link>('link show dev lo')).toHaveLength(1);
    other.stop();
    expect(await other.ask<Link>('link show dev lo')).toHaveLength(1);
    other.stop();
  });
});
