import { describe, expect, it } from 'vitest';
import { compile } from '../compile/compile.ts';
import { sampleIntent, sampleIntentIpv6, samplePackInput } from '../compile/sample-intent.ts';
import type { Cidr } from '../net/ipv4.ts';
import { renderBird } from './bird.ts';
import { renderClientWireguard, renderWatchedClients } from './clients-wireguard.ts';
import { renderNftables } from './nftables.ts';
import { openvpnHook, renderOpenvpn, renderOpenvpnClients } from './openvpn.ts';
import { renderPack } from './pack.ts';
import { renderWireguard } from './wireguard.ts';

/** What the engines are told when the overlay has IPv6; checked by the real tools in test/e2e/rendered-text.test.ts. */
const state = compile(sampleIntentIpv6());
const clients = state.clients!;
const { ula } = state.self;
const client = clients.list[0]!;

describe('rendered text with IPv6 in the overlay', () => {
  it('of BIRD', () => expect(renderBird(state)).toMatchFileSnapshot('golden/ipv6/bird.conf'));
  it('of nftables', () => expect(renderNftables(state)).toMatchFileSnapshot('golden/ipv6/nftables.nft'));
  it('of a link', () =>
    expect(renderWireguard(state.links[0]!, ula)).toMatchFileSnapshot('golden/ipv6/mw1.conf'));
  it('of the WireGuard interface', () =>
    expect(renderClientWireguard(clients, ula)).toMatchFileSnapshot('golden/ipv6/mwclients.conf'));
  it('of the OpenVPN server', () =>
    expect(renderOpenvpn(state, clients)).toMatchFileSnapshot('golden/ipv6/openvpn-server.conf'));
  it('of its hook', () => expect(openvpnHook(ula)).toMatchFileSnapshot('golden/ipv6/openvpn-hook'));
  it('of a client that it knows', () =>
    expect(renderOpenvpnClients(state, ['10.2.0.0/16' as Cidr])(client)).toMatchFileSnapshot(
      'golden/ipv6/openvpn-client',
    ));
  it('of what the watcher looks at', () =>
    expect(renderWatchedClients(clients, ula)).toContain(
      `${client.wireguardKey} 100.127.255.193 fd84:bfd9:6df2::647f:ffc1\n`,
    ));
});

describe('packs with IPv6 in the overlay', () => {
  for (const kind of ['wireguard', 'ha'] as const) {
    const before = new Map(renderPack(kind, samplePackInput()).map(({ name, text }) => [name, text]));
    for (const { name, text } of renderPack(kind, samplePackInput(true))) {
      if (before.get(name) !== text)
        it(`${kind}: ${name}`, () => expect(text).toMatchFileSnapshot(`golden/ipv6/pack-${kind}/${name}`));
    }
  }

  it('of OpenVPN are those without: the controllers tell the address', () =>
    expect(renderPack('openvpn', samplePackInput(true))).toEqual(renderPack('openvpn', samplePackInput())));
});

it('nothing speaks of IPv6 when it is off', () => {
  const off = compile(sampleIntent());
  expect(off.self).not.toHaveProperty('ula');
  expect(renderBird(off)).not.toContain('ipv6');
});
