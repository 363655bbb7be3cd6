interface Entry {
  readonly entry: string;
  readonly comment: string;
}

/** One entry a line; what follows a `#` is its comment. */
export function entriesText(entries: readonly Entry[]): string {
  return entries.map(({ entry, comment }) => (comment === '' ? entry : `${entry}  # ${comment}`)).join('\n');
}

export function parseEntries(text: string): Entry[] {
  return text.split('\n').flatMap((line) => {
    const [entry = '', ...comment] = line.split('#');
    return entry.trim() === '' ? [] : [{ entry: entry.trim(), comment: comment.join('#').trim() }];
  });
}
