import { Field } from './field.ts';
import type { Contender, Ground } from './ground.ts';
import { deviceOf, newKeys, wireguard, wireguardVersion } from './wireguard.ts';

/** One WireGuard interface a router with every other one as its peer, as wg-quick(8) makes it: the way is in the keys. */
export const wireguardMesh: Contender = {
  name: 'WireGuard full mesh',
  setting: 'defaults',
  note: 'one interface, static routes; nothing in it looks for another way; wg-quick restarts nothing',
  daemons: ['wireguard-go'],
  version: wireguardVersion,
  open: async (size): Promise<Ground> => {
    const field = await Field.build(size);
    const keys = await Promise.all(field.plans.map(newKeys));
    for (const { id } of field.plans) {
      const others = field.plans.filter((plan) => plan.id !== id);
      const peers = others.map((plan) => ({
        publicKey: keys[plan.id - 1]!.publicKey,
        endpoint: `${plan.underlay}:51820`,
        networks: [`10.98.0.${plan.id}/32`, plan.siteSubnet],
      }));
      const addresses = [`10.98.0.${id}/24`];
      await wireguard(field, id, 'all', { keys: keys[id - 1]!, port: 51820, peers, addresses });
      for (const plan of others)
        await field.exec(id, ['ip', 'route', 'add', plan.siteSubnet, 'dev', deviceOf(field, id, 'all')]);
    }
    await field.untilReachable();
    return field;
  },
};
