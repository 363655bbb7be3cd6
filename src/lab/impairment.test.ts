import { describe, expect, it } from 'vitest';
import {
  directions,
  type Impairment,
  packetwise,
  renderImpairments,
  withImpairment,
  withoutImpairments,
} from './impairment.ts';

const one = (kind: Impairment['kind'], from: number, to: number, value = 0): Impairment => ({
  kind,
  from,
  to,
  value,
});

describe('impairments of the lab', () => {
  it('renders one transaction that replaces the whole table', () => {
    expect(renderImpairments([one('cut', 1, 2), one('loss', 2, 3, 0.5), one('mtu', 3, 10, 1280)])).toBe(
      [
        'table bridge mwlab',
        'delete table bridge mwlab',
        'table bridge mwlab {',
        '  chain internet {',
        '    type filter hook forward priority 0; policy accept;',
        '    ether type arp accept',
        '    iifname "c1" oifname "c2" counter drop',
        '    iifname "c2" oifname "c3" numgen random mod 10000 < 50 counter drop',
        '    iifname "c3" oifname "c10" meta length > 1280 counter drop',
        '  }',
        '}',
        '',
      ].join('\n'),
    );
  });

  it('concerns both directions, one of them, or all others', () => {
    expect(directions(1, 2, [1, 2, 3], false)).toEqual([
      { from: 1, to: 2 },
      { from: 2, to: 1 },
    ]);
    expect(directions(1, 2, [1, 2, 3], true)).toEqual([{ from: 1, to: 2 }]);
    expect(directions(2, undefined, [1, 2, 3], true)).toEqual([
      { from: 2, to: 1 },
      { from: 2, to: 3 },
    ]);
  });

  it('has one impairment of a kind on a path', () => {
    const all = withImpairment([one('loss', 1, 2, 10), one('cut', 1, 2)], one('loss', 1, 2, 30));
    expect(all).toEqual([one('cut', 1, 2), one('loss', 1, 2, 30)]);
  });

  it('heals a pair, a controller, or everything', () => {
    const all = [one('cut', 1, 2), one('cut', 2, 1), one('cut', 1, 3), one('cut', 3, 2)];
    expect(withoutImpairments(all, 2, 1)).toEqual([one('cut', 1, 3), one('cut', 3, 2)]);
    expect(withoutImpairments(all, 1)).toEqual([one('cut', 3, 2)]);
    expect(withoutImpairments(all)).toEqual([]);
  });

  it('takes packet trains apart where packets are counted or measured', () => {
    expect([...packetwise([one('cut', 1, 2), one('loss', 2, 1, 5), one('mtu', 3, 1, 1280)])]).toEqual([2, 3]);
  });
});
