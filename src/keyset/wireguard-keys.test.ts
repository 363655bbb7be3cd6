import { createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ALL_CONTROLLER_IDS, type ControllerId } from '../topology/controller-id.ts';
import { controllerKeys, linkPsk, wireguardKeysOf } from './wireguard-keys.ts';

const keyset = {
  uuid: '5ebee939-25e7-4818-ac91-e1782b52bb19',
  masterSecret: Buffer.alloc(32, 7).toString('base64'),
};
const id = (n: number) => n as ControllerId;

describe('WireGuard keys', () => {
  it('agrees with `wg pubkey`', () => {
    expect(wireguardKeysOf(Buffer.alloc(32, 9))).toEqual({
      privateKey: 'CAkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCUk=',
      publicKey: 'V9tLNZ8jrl4Ubk4lEgVnBHIlBjSMFQwUdT0Mkz0E1CE=',
    });
  });

  it('derives the same on every member and differently for every controller, link and topology', () => {
    const publics = ALL_CONTROLLER_IDS.map((n) => controllerKeys(keyset, n).publicKey);
    expect(new Set(publics).size).toBe(10);
    expect(controllerKeys({ ...keyset }, id(3)).publicKey).toBe(publics[2]);
    expect(controllerKeys({ ...keyset, uuid: '0' }, id(3)).publicKey).not.toBe(publics[2]);
    const psks = ALL_CONTROLLER_IDS.flatMap((a) =>
      ALL_CONTROLLER_IDS.filter((b) => a < b).map((b) => linkPsk(keyset, a, b)),
    );
    expect(new Set(psks).size).toBe(45);
    expect(linkPsk(keyset, id(2), id(9))).toBe(linkPsk(keyset, id(9), id(2)));
    expect(() => linkPsk(keyset, id(2), id(2))).toThrow('itself');
  });

  it('makes pairs that agree', () => {
    const [a, b] = [wireguardKeysOf(Buffer.alloc(32, 255)), wireguardKeysOf(Buffer.alloc(32, 1))];
    const raw = (text: string) => Buffer.from(text, 'base64').toString('base64url');
    const keyObject = ({ privateKey, publicKey }: typeof a) =>
      createPrivateKey({
        format: 'jwk',
        key: { kty: 'OKP', crv: 'X25519', d: raw(privateKey), x: raw(publicKey) },
      });
    expect(diffieHellman({ privateKey: keyObject(a), publicKey: createPublicKey(keyObject(b)) })).toEqual(
      diffieHellman({ privateKey: keyObject(b), publicKey: createPublicKey(keyObject(a)) }),
    );
    expect(Buffer.from(a.privateKey, 'base64')[0]! & 7).toBe(0);
    expect(Buffer.from(a.privateKey, 'base64')[31]! & 0xc0).toBe(0x40);
  });
});
