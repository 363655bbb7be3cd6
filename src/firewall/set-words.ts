/** Options whose value may be the name of a set, and the direction in which the set is then matched. */
const DIRECTIONS: Readonly<Record<string, 'src' | 'dst'>> = {
  '-s': 'src',
  '--source': 'src',
  '--src': 'src',
  '-d': 'dst',
  '--destination': 'dst',
  '--dst': 'dst',
  '--sport': 'src',
  '--source-port': 'src',
  '--dport': 'dst',
  '--destination-port': 'dst',
};

/**
 * Operators write a set where an address or port stands: `-s office`, `! -d ${fwset_servers}`, `--dport web`. The
 * engines want a match of its own for that. A set of services or a list of them is looked up by both, `dst,dst`.
 */
export function spellOutSets(words: readonly string[], typeOf: (name: string) => string | null): string[] {
  const result: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const option = words[at]!;
    const direction = Object.hasOwn(DIRECTIONS, option) ? DIRECTIONS[option] : undefined;
    const name = words[at + 1];
    const type = direction && name !== undefined ? typeOf(name) : null;
    if (!direction || name === undefined || !type) {
      result.push(option);
      continue;
    }
    const negation = result.at(-1) === '!' ? [result.pop()!] : [];
    const how = type === 'service' ? `${direction},${direction}` : direction;
    result.push('-m', 'set', ...negation, '--match-set', name, how);
    at++;
  }
  return result;
}
