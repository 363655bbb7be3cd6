import { expect, it } from 'vitest';
import { ownAddresses } from './kernel-ipv6.ts';

it('knows its own addresses on lo from those of others', () => {
  const table = `00000000000000000000000000000001 01 80 10 80       lo
fd123456789a000000000000647ffffd 01 80 00 a0       lo
fd123456789a000000000000647ffffe 01 80 00 a0       lo
fd123456789a000100000000647ffffe 01 80 00 80       lo
fd123456789a0000000000010000000a 01 80 00 80       lo
20010db8000000000000000064400001 01 80 00 80       lo
fd123456789a000000000000647ffff0 02 40 00 80     eth0
fe800000000000000000000000000001 02 40 20 80     eth0
`;
  expect(ownAddresses(table)).toEqual(['fd12:3456:789a::647f:fffd', 'fd12:3456:789a::647f:fffe']);
  expect(ownAddresses('')).toEqual([]);
});
