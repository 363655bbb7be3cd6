import { expect, it } from 'vitest';
import { testObserved } from '../api/test-context.ts';
import { localNetworks } from './local-networks.ts';

it('are those of the machine, without loopback and our own tunnels', () => {
  expect(localNetworks(testObserved())).toEqual([{ interface: 'eth0', cidr: '10.1.0.0/24' }]);
});

it('are read from the system while the applier has said nothing', () => {
  for (const { interface: name, cidr } of localNetworks(null)) {
    expect(name).not.toBe('lo');
    expect(cidr).toMatch(/^\d+\.\d+\.\d+\.\d+\/\d+$/);
  }
});
