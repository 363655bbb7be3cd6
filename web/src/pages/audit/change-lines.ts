import type { Entry } from '../../api/access.ts';

export interface ChangeLine {
  readonly what: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** One line a value that is not what it was. */
export function changeLines(changes: Entry['changes']): ChangeLine[] {
  return changes.flatMap(({ what, before, after }) => {
    const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
    const changed = names.filter((name) => after === null || before === null || name in after);
    if (changed.length === 0) return [{ what, before: null, after: null }];
    return changed
      .filter((name) => name !== 'id' && name !== 'key')
      .map((name) => ({
        what: name === 'value' ? what : `${what}, ${name}`,
        before: textOf(before?.[name]),
        after: textOf(after?.[name]),
      }));
  });
}

function textOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
