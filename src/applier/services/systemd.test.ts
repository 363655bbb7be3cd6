import { describe, expect, it } from 'vitest';
import { parseUnits } from './systemd.ts';

const unit = (id: string, pid: number, state: string, since: string) =>
  `Id=${id}\nMainPID=${pid}\nActiveState=${state}\nStateChangeTimestamp=${since}\n`;

describe('systemctl show of all our units', () => {
  it('has every engine once, and nobody else', () => {
    const text = [
      unit('meshwright-applier.service', 70, 'active', '@1790000000'),
      unit('meshwright-bird.service', 71, 'active', '@1790000001'),
      unit('meshwright-link@mw2.service', 0, 'failed', '@1790000002'),
      unit('meshwright-openvpn.service', 0, 'inactive', ''),
    ].join('\n');
    expect(parseUnits(text)).toEqual([
      { name: 'bird', running: true, pid: 71, since: 1790000001000 },
      { name: 'link@mw2', running: false, pid: null, since: 1790000002000 },
      { name: 'openvpn', running: false, pid: null, since: null },
    ]);
  });

  it('may hold no unit at all', () => {
    expect(parseUnits('')).toEqual([]);
  });
});
