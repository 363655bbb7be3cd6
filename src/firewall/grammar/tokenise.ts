import { RuleError } from './rule-error.ts';

export const MAX_RULE_LENGTH = 2000;
/** Plain ASCII without quotes and backslash: no engine reads anything into it once it stands in double quotes. */
const WORD = /^[\x20-\x7e]+$/;
const FORBIDDEN_IN_WORD = /["'\\]/;

/**
 * Splits a rule into words. A word in quotes may hold spaces; quotes begin and end a word, never the middle of one.
 */
export function tokenise(text: string): string[] {
  if (text.length > MAX_RULE_LENGTH)
    throw new RuleError(null, `is longer than ${MAX_RULE_LENGTH} characters`);
  const odd = /[^\x20-\x7e\t]/u.exec(text);
  if (odd) throw new RuleError(odd[0], 'is not allowed in a rule: plain ASCII on one line only');
  const words: string[] = [];
  const pattern = /[ \t]+|"([^"]*)"(?=[ \t]|$)|'([^']*)'(?=[ \t]|$)|([^ \t]+)/y;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text)!;
    const word = match[1] ?? match[2] ?? match[3];
    if (word !== undefined) words.push(checkedWord(word));
  }
  return words;
}

/** A word that may stand in a rule, whatever its meaning. */
export function checkedWord(word: string): string {
  if (word === '') throw new RuleError('', 'is an empty word');
  if (word.length > 255) throw new RuleError(word, 'is longer than 255 characters');
  if (!WORD.test(word)) throw new RuleError(word, 'is not plain ASCII');
  if (FORBIDDEN_IN_WORD.test(word)) throw new RuleError(word, 'has a quote or backslash inside of a word');
  return word;
}

/** The words as one line that `tokenise` and the engines read back as the same words. */
export function joinWords(words: readonly string[]): string {
  return words.map((word) => (word.includes(' ') ? `"${word}"` : word)).join(' ');
}
