import { expect, it } from 'vitest';
import { parseDump } from './wireguard-status.ts';

it('reads the peers of all interfaces, without the interfaces themselves and without secrets', () => {
  const dump = [
    'mw2\tPRIVATE\tPUBLIC\t1195\t0x6d77',
    'mw2\tKEY1\tPSK\t198.51.100.7:4000\t0.0.0.0/0\t1795521163\t100\t200\t5',
    'mwclients\tPRIVATE\tPUBLIC\t1193\t0x6d77',
    'mwclients\tKEY2\tPSK\t(none)\t100.127.255.3/32\t0\t0\t0\toff',
    '',
  ].join('\n');
  expect(parseDump(dump)).toEqual([
    {
      device: 'mw2',
      key: 'KEY1',
      endpoint: '198.51.100.7:4000',
      handshakeAt: 1795521163000,
      rxBytes: 100,
      txBytes: 200,
    },
    { device: 'mwclients', key: 'KEY2', endpoint: null, handshakeAt: null, rxBytes: 0, txBytes: 0 },
  ]);
  expect(JSON.stringify(parseDump(dump))).not.toMatch(/PRIVATE|PSK/);
});
