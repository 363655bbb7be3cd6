import { expect, it } from 'vitest';
import type { Cidr } from '../net/ipv4.ts';
import type { ControllerId } from '../topology/controller-id.ts';
import { compileClients } from './clients.ts';
import { sampleIntent } from './sample-intent.ts';

const overlay = '100.127.255.192/26' as Cidr;
const compiled = (change: Partial<ReturnType<typeof sampleIntent>['clients']> = {}) =>
  compileClients({ ...sampleIntent().clients, ...change }, 2 as ControllerId, overlay);

it('lets in who is enabled, in the order of addresses, whatever the order of records', () => {
  const { packs } = sampleIntent().clients;
  const state = compiled();
  expect(state.list.map(({ address }) => address)).toEqual(['100.127.255.193', '100.127.255.194']);
  expect(compiled({ packs: [...packs].reverse() })).toEqual(state);
});

it('keeps the link address of a client that is disabled for it', () => {
  const { packs } = sampleIntent().clients;
  const before = compiled().list[1]!.linkAddress;
  const after = compiled({ packs: packs.map((pack, index) => ({ ...pack, enabled: index !== 0 })) });
  expect(after.list.find(({ address }) => address === '100.127.255.194')?.linkAddress).toBe(before);
});

it('holds no private key of a client', () => {
  const { packs } = sampleIntent().clients;
  const privateKey = `${'P'.repeat(42)}A=`;
  const secret = packs.map((pack) => ({
    ...pack,
    material: { ...pack.material, wireguard: { ...pack.material.wireguard, privateKey } },
  }));
  expect(JSON.stringify(compiled({ packs: secret }))).not.toContain(privateKey);
});
