interface SubtableRule {
  readonly rule: string;
  readonly comment: string;
  readonly disabled: boolean;
}

const OFF = /^off\s+/;

/** A rule a line, without the name that all of them begin with; a comment stands above its rule. */
export function rulesText(name: string, rules: readonly SubtableRule[]): string {
  return rules
    .map(({ rule, comment, disabled }) => {
      const line = `${disabled ? 'off ' : ''}${rule.slice(name.length).trim()}`;
      return comment === '' ? line : `# ${comment}\n${line}`;
    })
    .join('\n');
}

/** A line that begins with another name is left as it is: whoever wrote it gets to hear of it. */
export function parseRules(name: string, text: string): SubtableRule[] {
  let comment: string[] = [];
  return text.split('\n').flatMap((each) => {
    const line = each.trim();
    if (line.startsWith('#')) comment.push(line.slice(1).trim());
    if (line === '' || line.startsWith('#')) return [];
    const words = line.replace(OFF, '');
    const rule = {
      rule: /^[-!]/.test(words) ? `${name} ${words}` : words,
      comment: comment.filter(Boolean).join(' '),
      disabled: OFF.test(line),
    };
    comment = [];
    return [rule];
  });
}
