import { expect, it } from 'vitest';
import { parseNetDev } from './net-dev.ts';

it('reads the packets of each interface', () => {
  const text = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:       0       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0
  eth0: 1296       12    0    0    0     0          0         0     2020      20    0    0    0     0       0          0
`;
  expect(parseNetDev(text).get('eth0')).toEqual({ received: 12, sent: 20 });
  expect(parseNetDev(text).size).toBe(2);
});
