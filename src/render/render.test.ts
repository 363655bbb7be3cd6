import { describe, expect, it } from 'vitest';
import { compile } from '../compile/compile.ts';
import { sampleIntent } from '../compile/sample-intent.ts';
import { renderBird } from './bird.ts';
import { renderNftables } from './nftables.ts';
import { renderLinkAddresses, renderWireguard } from './wireguard.ts';

/** The golden texts are checked by the real tools in test/e2e/rendered-text.test.ts. */
const state = compile(sampleIntent());

describe('rendered text', () => {
  it('of BIRD', () => expect(renderBird(state)).toMatchFileSnapshot('golden/bird.conf'));
  it('of nftables', () => expect(renderNftables(state)).toMatchFileSnapshot('golden/nftables.nft'));
  it('of a link over IPv6', () =>
    expect(renderWireguard(state.links[0]!)).toMatchFileSnapshot('golden/mw1.conf'));
  it('of a link with a small MTU', () =>
    expect(renderLinkAddresses(state.links[1]!)).toMatchFileSnapshot('golden/mw3.ip'));

  it('holds no key outside the WireGuard configuration', () => {
    expect(renderBird(state) + renderNftables(state) + renderLinkAddresses(state.links[0]!)).not.toMatch(
      /[ABC]{43}=/,
    );
  });
});
