export interface ReadCode {
  readonly id: number;
  readonly addresses: readonly string[];
}

/** What a join code says openly, so that an operator sees what it will do. Null: it is none. */
export function readJoinCode(text: string): ReadCode | null {
  const match = /^mwjoin1\.([A-Za-z0-9_-]+)$/.exec(text.trim());
  if (!match) return null;
  try {
    const content = JSON.parse(atob(match[1]!.replaceAll('-', '+').replaceAll('_', '/'))) as {
      i?: unknown;
      a?: unknown;
    };
    if (typeof content.i !== 'number' || !Array.isArray(content.a)) return null;
    return { id: content.i, addresses: content.a.map(String) };
  } catch {
    return null;
  }
}
