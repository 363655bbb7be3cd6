import fc from 'fast-check';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { PACK_KINDS, type PackKind } from '../../src/clientpack/client-intent.ts';
import type { PackInput } from '../../src/clientpack/pack-input.ts';
import { samplePackInput } from '../../src/compile/sample-intent.ts';
import { sharedSchema } from '../../src/mesh/shared-schema.ts';
import { parseHost } from '../../src/net/host.ts';
import type { Ipv4 } from '../../src/net/ipv4.ts';
import { renderPack } from '../../src/render/pack.ts';
import { HA_BIRD_UNIT, HA_INSTALL, HA_TUNNEL_UNIT, haTunnel } from '../../src/render/pack-ha-files.ts';
import type { ControllerId } from '../../src/topology/controller-id.ts';
import {
  base64,
  cidr,
  ipv4,
  openvpnShape,
  pemBlock,
  readOpenvpn,
  readWireguard,
  wireguardKey,
  wireguardShape,
} from './engine-readers.ts';
import { attack, skeleton, stringPaths, valueAt, withValue } from './hostile-text.ts';

/**
 * Packs run on machines that are not ours, mostly as root. What other members and operators say reaches them as values,
 * and never becomes a directive, a line of a script or a part of a unit.
 */
const base = samplePackInput();
const texts = (kind: PackKind, input: PackInput) =>
  new Map(renderPack(kind, input).map(({ name, text }) => [name, text]));
const only = (kind: PackKind, input: PackInput, ending = '.conf') =>
  [...texts(kind, input)].find(([name]) => name.endsWith(ending))![1];

const host = fc.oneof(
  ipv4,
  fc.ipV6().filter((text) => parseHost(text).kind === 'ipv6'),
  fc.domain().filter((text) => parseHost(text).kind === 'name'),
);
const remote = fc.record({
  id: fc.integer({ min: 1, max: 10 }).map((id) => id as ControllerId),
  host,
  overlayAddress: ipv4,
  asn: fc.integer({ min: 1, max: 4294967294 }),
  wireguardKey,
  linkAddress: ipv4,
});
const anyInput: fc.Arbitrary<PackInput> = fc.record({
  address: ipv4,
  overlaySubnet: cidr,
  ula: fc.constant(null),
  vip: ipv4,
  certificate: pemBlock('CERTIFICATE'),
  privateKey: pemBlock('PRIVATE KEY'),
  clientCa: pemBlock('CERTIFICATE'),
  tlsCryptKey: base64(256),
  wireguardPrivateKey: wireguardKey,
  presharedKey: wireguardKey,
  linkAddress: ipv4,
  asn: fc.integer({ min: 1, max: 4294967294 }),
  networks: fc.uniqueArray(cidr, { maxLength: 5 }),
  meshNetworks: fc.uniqueArray(cidr, { maxLength: 5 }),
  remotes: fc.uniqueArray(remote, { selector: ({ id }) => id, minLength: 1, maxLength: 6 }),
});
const endpointOf = (text: string) => /^\[?([^\]]+?)\]?:1193$/.exec(text)?.[1];

describe('packs read back to what they were made of', () => {
  it('OpenVPN', () => {
    const rest = (input: PackInput) =>
      openvpnShape(only('openvpn', input)).filter((line) => !line.startsWith('remote '));
    fc.assert(
      fc.property(anyInput, (input) => {
        const { directives, blocks } = readOpenvpn(only('openvpn', input));
        const remotes = directives.filter(([name]) => name === 'remote');
        expect(remotes).toEqual(input.remotes.map((one) => ['remote', one.host, '1194']));
        const { ca, cert, key, 'tls-crypt-v2': crypt } = blocks;
        expect([ca, cert, key]).toEqual([input.clientCa, input.certificate, input.privateKey]);
        expect(crypt!.split('\n').slice(1, -2).join('')).toBe(input.tlsCryptKey);
        expect(rest(input)).toEqual(rest(base));
        expect(only('openvpn', input, '.ovpn')).toBe(only('openvpn', input));
      }),
    );
  });

  it('WireGuard', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const [first] = input.remotes;
        const [own, peer, ...more] = readWireguard(only('wireguard', input));
        expect(more).toEqual([]);
        expect(own!.values).toEqual({
          PrivateKey: input.wireguardPrivateKey,
          Address: `${input.address}/32`,
          MTU: '1420',
        });
        const { Endpoint, AllowedIPs, ...keys } = peer!.values;
        expect(endpointOf(Endpoint!)).toBe(first!.host);
        expect(AllowedIPs!.split(', ')).toEqual([input.overlaySubnet, ...input.meshNetworks]);
        expect(keys).toEqual({
          PublicKey: first!.wireguardKey,
          PresharedKey: input.presharedKey,
          PersistentKeepalive: '20',
        });
      }),
    );
  });

  it('the tunnels of the HA pack', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const files = texts('ha', input);
        expect([...files.keys()].filter((name) => name.startsWith('mwc'))).toEqual(
          input.remotes.flatMap(({ id }) => [`mwc${id}.conf`, `mwc${id}.ip`]),
        );
        for (const one of input.remotes) {
          const [own, peer, ...more] = readWireguard(files.get(`mwc${one.id}.conf`)!);
          const { Endpoint, ...keys } = peer!.values;
          expect(more).toEqual([]);
          expect(own!.values).toEqual({ PrivateKey: input.wireguardPrivateKey, FwMark: '28023' });
          expect(endpointOf(Endpoint!)).toBe(one.host);
          expect(keys).toEqual({
            PublicKey: one.wireguardKey,
            PresharedKey: input.presharedKey,
            AllowedIPs: '0.0.0.0/0',
          });
          const lines = files.get(`mwc${one.id}.ip`)!.trimEnd().split('\n');
          const [, address] = lines.map((line) => line.split(' '));
          expect(lines).toHaveLength(3);
          expect([address![2], address![4]]).toEqual([input.linkAddress, `${one.linkAddress}/32`]);
        }
      }),
    );
  });

  it("BIRD's part of the HA pack", () => {
    const SESSION =
      /^protocol bgp controller(\d+) \{\n {2}local (\S+) as (\d+);\n {2}neighbor (\S+) as (\d+);\n {2}interface "mwc(\d+)";[\s\S]*?bgp_local_pref = (\d+);/gm;
    fc.assert(
      fc.property(anyInput, (input) => {
        const text = texts('ha', input).get('bird.conf')!;
        expect([...text.matchAll(SESSION)].map((match) => match.slice(1))).toEqual(
          input.remotes.map(({ id, linkAddress, asn }, rank) =>
            [id, input.linkAddress, input.asn, linkAddress, asn, id, 200 - rank].map(String),
          ),
        );
        const [, granted] = /^protocol static granted \{\n {2}ipv4;\n([^}]*)\}/m.exec(text)!;
        const routes = [...granted!.matchAll(/^ {2}route (\S+) blackhole;$/gm)].map(([, route]) => route);
        expect(routes).toEqual(input.networks);
        expect(granted!.trim().split('\n').filter(Boolean)).toHaveLength(input.networks.length);
        expect(/^router id (\S+);$/m.exec(text)![1]).toBe(input.address);
      }),
    );
  });

  it('scripts and units of the HA pack are the same for everybody', () => {
    const fixed = { 'install.sh': HA_INSTALL, tunnel: haTunnel(null) };
    const units = {
      'meshwright-client.service': HA_BIRD_UNIT,
      'meshwright-client-tunnel@.service': HA_TUNNEL_UNIT,
    };
    fc.assert(
      fc.property(anyInput, (input) => {
        const files = texts('ha', input);
        expect(Object.fromEntries(files)).toMatchObject({ ...fixed, ...units });
        expect(files.get('address')).toBe(`${input.address}\n`);
        for (const kind of PACK_KINDS)
          for (const name of texts(kind, input).keys()) expect(name).toMatch(/^[A-Za-z0-9][\w.@-]*$/);
      }),
      { numRuns: 30 },
    );
  });
});

describe('what members say', () => {
  /** Names of directives, lines and files of all three packs, without the values. */
  const shapes = (input: PackInput) => [
    openvpnShape(only('openvpn', input)),
    wireguardShape(only('wireguard', input)),
    ...[...texts('ha', input)].map(([name, text]) =>
      /^mwc\d+\.conf$/.test(name) ? wireguardShape(text) : [name, skeleton(text)],
    ),
  ];
  const expected = shapes(base);

  it('of the address for clients adds nothing to a pack but that address', () => {
    let taken = 0;
    const good = fc.constantFrom('c3.example.net', '192.0.2.1', '2001:db8::2');
    fc.assert(
      fc.property(good, attack, (before, change) => {
        const clientAddress = change(before);
        const record = { id: 3, instance: 1, name: 'c3', address: null, clientAddress };
        if (!Value.Check(sharedSchema.members, record)) return;
        taken++;
        const remotes = base.remotes.with(0, { ...base.remotes[0]!, host: clientAddress });
        expect(shapes({ ...base, remotes })).toEqual(expected);
        expect(readOpenvpn(only('openvpn', { ...base, remotes })).directives).toContainEqual([
          'remote',
          clientAddress,
          '1194',
        ]);
      }),
      { numRuns: 1000 },
    );
    expect(taken).toBeGreaterThan(0);
  });

  it('of credentials adds nothing to a pack but those', () => {
    const material = {
      address: base.address as Ipv4,
      certificate: base.certificate,
      privateKey: base.privateKey,
      wireguard: { privateKey: base.wireguardPrivateKey, publicKey: base.remotes[0]!.wireguardKey },
    };
    let taken = 0;
    fc.assert(
      fc.property(fc.constantFrom(...stringPaths(material)), attack, (path, change) => {
        const made = withValue(material, path, change);
        if (!Value.Check(sharedSchema.packCredentials, { generation: 1, material: made })) return;
        if (path[0] === 'address') return;
        taken++;
        const { certificate, privateKey, wireguard } = made;
        const input = { ...base, certificate, privateKey, wireguardPrivateKey: wireguard.privateKey };
        expect([valueAt(made, path), shapes(input)]).toEqual([valueAt(made, path), expected]);
        expect(readOpenvpn(only('openvpn', input)).blocks).toMatchObject({
          cert: certificate,
          key: privateKey,
        });
      }),
      { numRuns: 1000 },
    );
    expect(taken).toBeGreaterThan(0);
  });
});
