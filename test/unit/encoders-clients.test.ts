import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compile/compile.ts';
import { sampleIntent } from '../../src/compile/sample-intent.ts';
import type { DesiredClient } from '../../src/desired/clients.ts';
import type { DesiredState } from '../../src/desired/state.ts';
import type { Cidr } from '../../src/net/ipv4.ts';
import { clientProtocols, sessionName } from '../../src/render/bird-clients.ts';
import {
  renderClientAddresses,
  renderClientWireguard,
  renderWatchedClients,
} from '../../src/render/clients-wireguard.ts';
import { openvpnClientName, renderOpenvpn, renderOpenvpnClients } from '../../src/render/openvpn.ts';
import {
  base64,
  cidr,
  cidrFrom,
  ipv4,
  openvpnShape,
  pemBlock,
  readOpenvpn,
  readWireguard,
  wireguardKey,
} from './engine-readers.ts';

/** What the servers for overlay clients are told reads back to what it was made of. Hostile text: encoders.test.ts. */
const base = compile(sampleIntent());
const serial = fc.stringMatching(/^[0-9A-F]{32}$/);
const client: fc.Arbitrary<DesiredClient> = fc.record({
  address: ipv4,
  serial,
  wireguardKey,
  presharedKey: wireguardKey,
  linkAddress: fc.option(ipv4),
  asn: fc.integer({ min: 1, max: 4294967294 }),
  networks: fc.uniqueArray(cidr, { maxLength: 4 }),
});
const clientList = fc.uniqueArray(client, { selector: ({ address }) => address, maxLength: 8 });
const withClients = (list: DesiredClient[]): DesiredState => ({
  ...base,
  clients: { ...base.clients!, list },
});

describe('the OpenVPN server', () => {
  const given = fc.record({
    overlayAddress: ipv4,
    vip: ipv4,
    overlaySubnet: cidr,
    clientCa: pemBlock('CERTIFICATE'),
    certificate: pemBlock('CERTIFICATE'),
    privateKey: pemBlock('PRIVATE KEY'),
    tlsCryptKey: base64(128),
  });

  it('reads back to addresses and keys, and to no directive besides', () => {
    const shape = openvpnShape(renderOpenvpn(base, base.clients!));
    fc.assert(
      fc.property(given, ({ overlayAddress, vip, overlaySubnet, ...openvpn }) => {
        const state = { ...base, self: { ...base.self, overlayAddress, vip, overlaySubnet } };
        const text = renderOpenvpn(state, { ...base.clients!, openvpn });
        expect(openvpnShape(text)).toEqual(shape);
        const { directives, blocks } = readOpenvpn(text);
        const [, own, mask] = directives.find(([name]) => name === 'ifconfig')!;
        const gateway = directives.find((words) => words[1]?.startsWith('route-gateway '))![1]!.split(' ')[1];
        const { ca, cert, key, 'tls-crypt-v2': crypt } = blocks;
        expect({
          overlayAddress: own,
          vip: gateway,
          overlaySubnet: cidrFrom(overlaySubnet.split('/')[0]!, mask!),
          clientCa: ca,
          certificate: cert,
          privateKey: key,
          tlsCryptKey: crypt!.split('\n').slice(1, -2).join(''),
        }).toEqual({ overlayAddress, vip, overlaySubnet, ...openvpn });
      }),
    );
  });

  it("reads back to a client's name, address and routes", () => {
    fc.assert(
      fc.property(client, fc.uniqueArray(cidr, { maxLength: 6 }), (one, networks) => {
        const [, address, number] = /^(\d+_\d+_\d+_\d+)_0x([0-9A-F]{32})$/.exec(openvpnClientName(one))!;
        expect([address!.replaceAll('_', '.'), number]).toEqual([one.address, one.serial]);
        const { directives, blocks } = readOpenvpn(renderOpenvpnClients(base, networks)(one));
        const [first, ...rest] = directives;
        expect(blocks).toEqual({});
        expect(first!.slice(0, 2)).toEqual(['ifconfig-push', one.address]);
        expect(cidrFrom(base.self.overlaySubnet.split('/')[0]!, first![2]!)).toBe(base.self.overlaySubnet);
        const told = rest.map(([push, route]) => {
          const [word, network, mask, ...more] = route!.split(' ');
          expect([push, word, more]).toEqual(['push', 'route', []]);
          return cidrFrom(network!, mask!);
        });
        expect(told).toEqual(networks);
      }),
    );
  });
});

describe('the WireGuard interface of clients', () => {
  it('reads back to the clients that it was made of', () => {
    fc.assert(
      fc.property(clientList, wireguardKey, ipv4, (list, privateKey, address) => {
        const clients = { ...base.clients!, list, wireguard: { privateKey, address } };
        const [own, ...peers] = readWireguard(renderClientWireguard(clients));
        expect(own).toEqual({
          name: 'Interface',
          values: { PrivateKey: privateKey, ListenPort: '1193', FwMark: '28023' },
        });
        const read = peers.map(({ name, values: { PublicKey, PresharedKey, AllowedIPs, ...more } }) => {
          expect([name, more]).toEqual(['Peer', {}]);
          return [PublicKey, PresharedKey, AllowedIPs!.split(', ')];
        });
        const wanted = list.map((one) => {
          const hosts = [one.address, one.linkAddress].filter((each) => each !== null);
          return [
            one.wireguardKey,
            one.presharedKey,
            [...hosts.map((each) => `${each}/32`), ...one.networks],
          ];
        });
        expect(read).toEqual(wanted);
        const watched = renderWatchedClients(clients).split('\n').slice(0, -1);
        expect(watched.map((line) => line.split(' '))).toEqual(
          list.map((one) => [one.wireguardKey, one.address]),
        );
        const lines = renderClientAddresses(clients).trimEnd().split('\n');
        expect(lines.map((line) => line.split(' '))).toEqual([
          ['link', 'set', 'dev', 'mwclients', 'mtu', '1420'],
          ['address', 'replace', `${address}/19`, 'dev', 'mwclients'],
          ['link', 'set', 'dev', 'mwclients', 'up'],
        ]);
      }),
    );
  });
});

describe("BIRD's sessions with clients", () => {
  const SESSION =
    /^protocol bgp (\S+) \{\n {2}local (\S+) as (\d+);\n {2}neighbor (\S+) as (\d+);\n[^}]*?import filter \{ if net ~ \[ ([\d./, ]+) \] then/gm;

  it('read back to the clients that may use the HA pack', () => {
    fc.assert(
      fc.property(clientList, (list) => {
        const text = clientProtocols(withClients(list));
        const read = [...text.matchAll(SESSION)].map(([, name, , , neighbor, asn, allowed]) => ({
          name,
          linkAddress: neighbor,
          asn: Number(asn),
          allowed: allowed!.split(', '),
        }));
        const wanted = list
          .filter(({ linkAddress }) => linkAddress !== null)
          .map(({ address, linkAddress, asn, networks }) => ({
            name: sessionName(address),
            linkAddress,
            asn,
            allowed: [`${address}/32`, ...(networks as Cidr[])],
          }));
        expect(read).toEqual(wanted);
        const protocols = (of: string) => [...of.matchAll(/^protocol /gm)].length;
        expect(protocols(text)).toBe(protocols(clientProtocols(withClients([]))) + wanted.length);
      }),
    );
  });
});
