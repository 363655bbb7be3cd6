import { expect, it } from 'vitest';
import { addressingWith, testKeyset } from '../clientpack/pack.fixture.ts';
import type { Addressing } from '../topology/addressing.ts';
import { isBundle } from './bundle.ts';
import type { Keyset } from './keyset.ts';

const addressing = addressingWith(2);
const keyset = testKeyset(addressing.clients);
const bundle = (change: { keyset?: Partial<Keyset>; addressing?: object }) => ({
  format: 1,
  version: '0.1.0',
  time: 0,
  topologyName: '',
  license: {
    text: '',
    authorityPem: '',
    uploadedAt: 0,
    upgrades: [],
    addressing: { ...(addressing as Addressing), ...change.addressing },
  },
  keyset: { ...keyset, ...change.keyset },
});
/** The same 32 bytes for a careless reader: bits that nobody reads are set. */
const loose = (key: string) => `${key.slice(0, 42)}${String.fromCharCode(key.charCodeAt(42) + 1)}=`;
const [first, second] = keyset.clients;
const withKey = (publicKey: string) => [
  { ...first!, wireguard: { ...first!.wireguard, publicKey } },
  second!,
];

it('takes what a controller sends', () => {
  expect(isBundle(bundle({}))).toBe(true);
});

it.each([
  ['a master secret with bits to spare', { keyset: { masterSecret: loose(keyset.masterSecret) } }],
  ['a key with bits to spare', { keyset: { clients: withKey(loose(first!.wireguard.publicKey)) } }],
  ['a key that is too short', { keyset: { clients: withKey('AAAA') } }],
  [
    'a certificate of somebody else',
    {
      keyset: {
        clients: [
          { ...first!, certificate: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' },
        ],
      },
    },
  ],
  ['an overlay with host bits', { addressing: { subnet: '100.127.255.193/26' } }],
  ['a gateway outside of the overlay', { addressing: { vip: '10.0.0.1' } }],
  ['a client that has no address', { addressing: { clients: ['999.1.1.1'] } }],
])('refuses %s, which the applier would refuse every time', (_, change) => {
  expect(isBundle(bundle(change))).toBe(false);
});
