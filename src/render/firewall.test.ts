import { describe, expect, it } from 'vitest';
import { compile } from '../compile/compile.ts';
import { sampleIntent } from '../compile/sample-intent.ts';
import { readFirewall } from '../firewall/grammar/ruleset.ts';
import { sampleFirewall } from '../firewall/grammar/sample-firewall.ts';
import { fillText, renderSets, swapText } from './ipset.ts';
import { type IpFamily, renderChains, restoreText } from './iptables.ts';
import { OPEN_POLICY, renderNftables } from './nftables.ts';

/** The golden texts are checked by the real tools in test/e2e/rendered-text.test.ts. */
const ruleset = readFirewall(sampleFirewall());
const state = compile(sampleIntent());
const nothing = { chains: new Map(), jumps: new Map() };
const rules = (family: IpFamily) => restoreText(renderChains(ruleset, family), nothing);

describe('rendered text', () => {
  it('has no problems to begin with', () => expect(ruleset.problems).toEqual([]));
  it('of the rules for IPv4', () => expect(rules('v4').text).toMatchFileSnapshot('golden/rules.v4'));
  it('of the rules for IPv6', () => expect(rules('v6').text).toMatchFileSnapshot('golden/rules.v6'));
  it('of the sets', () => {
    const sets = renderSets(ruleset.sets);
    return expect(fillText(sets) + swapText(sets)).toMatchFileSnapshot('golden/sets.ipset');
  });
  it('of a sealed controller', () =>
    expect(
      renderNftables(state, { ...OPEN_POLICY, sealed: true, clientsMayManage: true, ipsec: true }),
    ).toMatchFileSnapshot('golden/sealed.nft'));

  it('tells the rule of every line', () => {
    const { text, ids } = rules('v4');
    const lines = text.split('\n');
    const at = lines.findIndex((line) => line.includes('--hashlimit-name'));
    expect(ids[at]).toBe('a000000a');
    expect(lines.filter((_, index) => ids[index] === 'a0000009')).toHaveLength(4);
  });

  it('keeps what was counted, and lets go of chains that are no longer wanted', () => {
    const present = {
      chains: new Map([['filter' as const, new Set(['MW-INPUT', 'MW-old'])]]),
      jumps: new Map([['filter' as const, new Set(['INPUT MW-INPUT', 'FORWARD MW-FORWARD'])]]),
    };
    const one = readFirewall(sampleFirewall(['INPUT -s 10.0.0.1 -j DROP']));
    const text = restoreText(renderChains(one, 'v4'), present, (key) =>
      key === 'filter MW-INPUT a0000000' ? '[7:8]' : null,
    ).text;
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        ':MW-old - [0:0]',
        '-D FORWARD -j MW-FORWARD',
        '[7:8] -A MW-INPUT -s 10.0.0.1 -j DROP',
        '-X MW-old',
      ]),
    );
    expect(text).not.toContain('-I INPUT');
  });
});
