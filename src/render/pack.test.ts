import { describe, expect, it } from 'vitest';
import { PACK_KINDS } from '../clientpack/client-intent.ts';
import { compile } from '../compile/compile.ts';
import { sampleIntent, samplePackInput } from '../compile/sample-intent.ts';
import type { Cidr } from '../net/ipv4.ts';
import { renderClientAddresses, renderClientWireguard, renderWatchedClients } from './clients-wireguard.ts';
import { openvpnClientName, openvpnHook, renderOpenvpn, renderOpenvpnClients } from './openvpn.ts';
import { renderPack } from './pack.ts';

const state = compile(sampleIntent());
const clients = state.clients!;

describe('rendered text of the services for clients', () => {
  it('of the OpenVPN server', () =>
    expect(renderOpenvpn(state, clients)).toMatchFileSnapshot('golden/openvpn-server.conf'));
  it('of its hook', () => expect(openvpnHook()).toMatchFileSnapshot('golden/openvpn-hook'));
  it('of a client that it knows', () => {
    const [client] = clients.list;
    expect(openvpnClientName(client!)).toMatch(/^100_127_255_193_0x[0-9A-F]{32}$/);
    const networks = ['10.2.0.0/16', '192.0.2.0/25'] as Cidr[];
    return expect(renderOpenvpnClients(state, networks)(client!)).toMatchFileSnapshot(
      'golden/openvpn-client',
    );
  });
  it('of the WireGuard interface', () =>
    expect(renderClientWireguard(clients)).toMatchFileSnapshot('golden/mwclients.conf'));
  it('of its addresses', () =>
    expect(renderClientAddresses(clients)).toMatchFileSnapshot('golden/mwclients.ip'));
  it('of what its watcher looks at', () =>
    expect(renderWatchedClients(clients).split('\n')).toHaveLength(clients.list.length + 1));
});

describe('packs', () => {
  for (const kind of PACK_KINDS) {
    for (const { name, text } of renderPack(kind, samplePackInput()))
      it(`${kind}: ${name}`, () => expect(text).toMatchFileSnapshot(`golden/pack-${kind}/${name}`));
  }

  it('are the same for the same input, whatever was rendered before', () => {
    for (const kind of PACK_KINDS)
      expect(renderPack(kind, samplePackInput())).toEqual(renderPack(kind, samplePackInput()));
  });
});
