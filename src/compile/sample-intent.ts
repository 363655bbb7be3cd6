import type { ClientIntent } from '../clientpack/client-intent.ts';
import { type PackInput, packInput } from '../clientpack/pack-input.ts';
import type { Keyset } from '../keyset/keyset.ts';
import type { Cidr, Ipv4 } from '../net/ipv4.ts';
import type { ControllerId } from '../topology/controller-id.ts';
import { ulaOf } from '../topology/overlay-ipv6.ts';
import type { Intent } from './intent.ts';

const KEYSET_UUID = '00000000-0000-0000-0000-000000000000';

/** Controller 2 of three, with every kind of peer and route. For tests and golden files. */
export function sampleIntent(): Intent {
  // 32 bytes leave two bits of the last letter unused; `wg` wants them to be zero.
  const key = (letter: string) => `${letter.repeat(42)}A=`;
  const peer = (id: number) => ({
    id: id as ControllerId,
    endpoint: `192.0.2.${id}`,
    overlayMtu: 1500,
    bfd: { intervalMs: 20, multiplier: 3 },
    avoid: false,
    pinned: false,
    privateKey: key('A'),
    peerPublicKey: key('B'),
    presharedKey: key('C'),
  });
  const route = (cidr: string, advertise: boolean, gateway: string | null, device: string | null) => ({
    cidr: cidr as Cidr,
    gateway: gateway as Ipv4 | null,
    interface: device,
    metric: 0,
    advertise,
  });
  return {
    self: 2 as ControllerId,
    instance: 3735928559,
    version: [1, 2, 3],
    topologyChecksum: '0123456789abcdef0123456789abcdef01234567',
    overlaySubnet: '100.127.255.192/26' as Cidr,
    vip: '100.127.255.254' as Ipv4,
    controllers: [1, 2, 3].map((id) => ({
      id: id as ControllerId,
      address: `100.127.255.${254 - id}` as Ipv4,
      asn: 65000 + id,
    })),
    peers: [
      { ...peer(1), endpoint: '2001:db8::1', pinned: true },
      { ...peer(3), overlayMtu: 1000, bfd: { intervalMs: 50, multiplier: 7 }, avoid: true },
    ],
    routes: [
      route('10.2.0.0/16', true, null, null),
      route('10.3.0.0/16', true, '10.2.0.1', 'eth1'),
      route('10.4.0.0/16', false, '10.2.0.1', null),
    ],
    ntpHosts: ['ntp.example.net'],
    clients: {
      drained: false,
      bfdIntervalMs: 20,
      server: {
        certificate: SERVER_CERTIFICATE,
        privateKey: SERVER_KEY,
        clientCa: SERVER_CERTIFICATE,
        tlsCryptKey: `${'D'.repeat(170)}A=`,
        wireguardPrivateKey: key('E'),
      },
      packs: [pack(193), pack(194, { networks: ['10.9.0.0/24' as Cidr] }), pack(195, { enabled: false })],
    },
  };
}

/** The same with IPv6 in the overlay. */
export function sampleIntentIpv6(): Intent {
  return { ...sampleIntent(), ula: ulaOf(KEYSET_UUID) };
}

/** Enabled and of the first generation unless told otherwise; all share one certificate. */
function pack(last: number, change: Partial<ClientIntent> = {}): ClientIntent & { presharedKey: string } {
  const address = `100.127.255.${last}` as Ipv4;
  const key = `${'F'.repeat(39)}${last}A=`;
  const certificate = SERVER_CERTIFICATE;
  const wireguard = { privateKey: key, publicKey: key };
  return {
    address,
    enabled: true,
    generation: 0,
    material: { address, certificate, privateKey: SERVER_KEY, wireguard },
    networks: [],
    presharedKey: `${'G'.repeat(39)}${last}A=`,
    ...change,
  };
}

/** What the pack of the client with a network behind it is made of. */
export function samplePackInput(ipv6?: true): PackInput {
  const { clients, overlaySubnet, vip, controllers } = sampleIntent();
  const remotes = [
    { id: 3 as ControllerId, host: 'c3.example.net' },
    { id: 1 as ControllerId, host: '192.0.2.1' },
    { id: 2 as ControllerId, host: '2001:db8::2' },
  ].map((remote) => {
    const { address, asn } = controllers.find(({ id }) => id === remote.id)!;
    return { ...remote, overlayAddress: address, asn };
  });
  const identity = { certificate: SERVER_CERTIFICATE, privateKey: SERVER_KEY };
  const root = {
    uuid: KEYSET_UUID,
    masterSecret: Buffer.alloc(32, 1).toString('base64'),
  };
  const keyset = { ...root, clientCa: identity } as Keyset;
  const networks = ['10.2.0.0/16' as Cidr];
  return packInput(
    keyset,
    { subnet: overlaySubnet, vip, ...(ipv6 && { ipv6 }) },
    clients.packs[1]!,
    remotes,
    networks,
  );
}

/** Self-signed and good for a hundred years: BIRD, nft and wg never look at it, and OpenVPN is content with it. */
const SERVER_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBljCCAT2gAwIBAgIQf1aYFU4EsGp88e5IW5au0zAKBggqhkjOPQQDAjARMQ8w
DQYDVQQDDAZzYW1wbGUwIBcNMjYxMTIzMTExOTIxWhgPMjEyNjEwMzExMTE5MjFa
MBExDzANBgNVBAMMBnNhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABJdx
Bj6RccB0bSwXvSm8yNoAJkJDYpMYcQn+/OinJcw9X5lGpyDjShTuYAqoKSYUQr7o
OrhlF/5rtZtWCEtQfN+jdTBzMAwGA1UdEwEB/wQCMAAwDgYDVR0PAQH/BAQDAgeA
MB0GA1UdDgQWBBTMNFOZYEI3WPyvJpsdMZclVZgxLDAfBgNVHSMEGDAWgBTMNFOZ
YEI3WPyvJpsdMZclVZgxLDATBgNVHSUEDDAKBggrBgEFBQcDATAKBggqhkjOPQQD
AgNHADBEAiAMAKaEFKlICGPFMQj6pRT4N6VW0O/FSpdqx1hoFhQh5wIgLcNzVEUI
TnN6X2d6I5yrmHvGvfKZ2aFtTGkxu7Cuv70=
-----END CERTIFICATE-----
`;

const SERVER_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgueclvvRT/aKwSwxT
F1f/Inr5zMs6OTERuAH9eU0pk8ehRANCAASXcQY+kXHAdG0sF70pvMjaACZCQ2KT
GHEJ/vzopyXMPV+ZRqcg40oU7mAKqCkmFEK+6Dq4ZRf+a7WbVghLUHzf
-----END PRIVATE KEY-----
`;
