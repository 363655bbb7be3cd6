import type { DesiredFirewall } from '../../desired/firewall.ts';
import type { Problem } from '../../firewall/grammar/ruleset.ts';

/** The firewall as it was asked for cannot be had; nothing of it is in force. */
export class FirewallRefused extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const [first] = problems;
    const subject = first?.rule ? `rule ${first.rule}: ` : first?.set ? `set ${first.set}: ` : '';
    super(`firewall refused: ${subject}${first?.message ?? 'no reason given'}`);
    this.name = 'FirewallRefused';
    this.problems = problems;
  }
}

/** Finds the rule that `iptables-restore` complains about: it names the line of its input, counted from 1. */
export function problemOf(error: Error, ids: readonly (string | null)[], firewall: DesiredFirewall): Problem {
  const line = Number(/line:? (\d+)/i.exec(error.message)?.[1]);
  const rule = ids[line - 1] ?? null;
  const words = error.message
    .split('\n')
    .map((text) =>
      text
        .replace(/(ip6?tables-nft-restore( --noflush:| (?=v\d))|v[\d.]+ \(nf_tables\):|line \d+:) */g, '')
        .replace(/RULE_\w+ failed \((.*?)\): rule in chain \S+/, 'the kernel refuses this rule: $1')
        .trim(),
    )
    .filter((text) => text !== '' && !/^(Error occurred at line|Try `|line \d+ failed)/.test(text));
  const known = firewall.rules.some(({ id }) => id === rule);
  return { rule: known ? rule : null, set: null, message: words.join('; ') || error.message };
}
