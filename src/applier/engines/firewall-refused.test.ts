import { describe, expect, it } from 'vitest';
import { NO_FIREWALL } from '../confirmation.ts';
import { problemOf } from './firewall-refused.ts';
import { setProblem } from './ipsets.ts';

/** The engines' own words, as seen from iptables 1.8.9 and ipset 7.17. */
const rules = ['f0000000', 'f0000001'].map((id) => ({ id, table: 'INPUT', words: ['-j', 'DROP'] }));
const ids = [null, null, 'f0000000', 'f0000001', null];
const problem = (words: string) => problemOf(new Error(words), ids, { ...NO_FIREWALL, rules });

describe('an engine that refuses', () => {
  it('is asked for the rule and for its words', () => {
    expect(
      problem(
        "iptables-nft-restore --noflush: iptables-nft-restore v1.8.9 (nf_tables): Unknown ICMP type `nosuch'\nError occurred at line: 4\nTry `iptables-nft-restore -h' or 'iptables-nft-restore --help' for more information.",
      ),
    ).toEqual({ rule: 'f0000001', set: null, message: "Unknown ICMP type `nosuch'" });
    expect(
      problem(
        'ip6tables-nft-restore --noflush: ip6tables-nft-restore v1.8.9 (nf_tables): \nline 3: RULE_APPEND failed (Invalid argument): rule in chain MW-INPUT',
      ),
    ).toEqual({ rule: 'f0000000', set: null, message: 'the kernel refuses this rule: Invalid argument' });
  });

  it('says something in any case', () => {
    expect(problem('spawn iptables-nft-restore ENOENT')).toEqual({
      rule: null,
      set: null,
      message: 'spawn iptables-nft-restore ENOENT',
    });
  });

  it('of sets names the set and the entry', () => {
    const text = 'create MTs4-shop hash:ip,port family inet\nadd MTs4-shop 10.0.0.1,tcp:443 -exist\n';
    expect(setProblem(new Error('ipset restore: ipset v7.17: Error in line 2: Hash is full'), text)).toEqual({
      rule: null,
      set: 'shop',
      message: '10.0.0.1,tcp:443: Hash is full',
    });
  });
});
