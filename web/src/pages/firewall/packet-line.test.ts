import { expect, it } from 'vitest';
import { packetLine } from './packet-line.ts';

const packet = {
  at: new Date(2030, 0, 1, 12, 34, 56, 89).getTime(),
  rule: 'ab12cd34',
  protocol: 'tcp',
  from: '10.0.0.1',
  to: '2001:db8::1',
  fromPort: 4242,
  toPort: 443,
  in: 'eth0',
  out: null,
  bytes: 60,
};

it('is one line with everything that matters', () => {
  expect(packetLine(packet, 'rule 3', packet.at)).toBe(
    '12:34:56.089  rule 3  tcp 10.0.0.1:4242 -> [2001:db8::1]:443  eth0 -> here  60 bytes',
  );
  expect(packetLine({ ...packet, protocol: 'icmp', fromPort: null, toPort: null })).toContain(
    'rule ab12cd34  icmp 10.0.0.1 -> 2001:db8::1',
  );
});

it('names the day of a packet that did not come today', () => {
  expect(packetLine(packet, 'rule 3', packet.at + 86_400_000)).toMatch(/^1 Jan 12:34:56\.089 {2}rule 3/);
});
