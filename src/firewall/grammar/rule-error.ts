/** Why a rule or an entry is refused: names the word, so that a person finds it in a long line. */
export class RuleError extends Error {
  readonly word: string | null;

  constructor(word: string | null, reason: string) {
    super(word === null ? reason : `${JSON.stringify(shorten(word))} ${reason}`);
    this.name = 'RuleError';
    this.word = word;
  }
}

/** Whatever was sent, an error stays one readable line. */
function shorten(word: string): string {
  return word.length > 60 ? `${word.slice(0, 57)}...` : word;
}
