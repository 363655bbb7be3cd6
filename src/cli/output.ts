/** Prints a result: as JSON for programs, or as the lines that `human` makes of it. */
export function print<T>(
  json: boolean | undefined,
  value: T,
  human: (value: T) => string | readonly string[],
): void {
  const text = json === true ? JSON.stringify(value, null, 2) : [human(value)].flat().join('\n');
  process.stdout.write(`${text}\n`);
}

/** Columns as wide as their widest cell, two spaces apart. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((cell, at) => Math.max(cell.length, ...rows.map((row) => (row[at] ?? '').length)));
  return [head, ...rows].map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** `90 s`, `12 min`, `3 h`, `5 d`: how long ago, as a person says it. */
export function ago(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}
