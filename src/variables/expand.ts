/** `${name}`; whatever else stands behind a `$` is text. */
const REFERENCE = /\$\{([^${}\s]*)\}/g;

export interface Expansion {
  readonly text: string;
  /** Names that have no value now. */
  readonly unknown: readonly string[];
}

/** Puts values in the place of `${name}`. Values are not expanded again, so a variable cannot refer to itself. */
export function expand(text: string, values: ReadonlyMap<string, string>): Expansion {
  const unknown: string[] = [];
  const expanded = text.replace(REFERENCE, (whole, name: string) => {
    const value = values.get(name);
    if (value === undefined) unknown.push(name);
    return value ?? whole;
  });
  return { text: expanded, unknown };
}

export function references(text: string): string[] {
  return [...text.matchAll(REFERENCE)].map((match) => match[1]!);
}
