/** The share of memory in use, from lines such as `MemTotal: 2048 kB`; null when they do not say. */
export function memoryUse(lines: readonly string[]): number | null {
  const kib = (name: string) => {
    const line = lines.find((candidate) => candidate.startsWith(`${name}:`));
    return line === undefined ? null : Number(/\d+/.exec(line)?.[0] ?? Number.NaN);
  };
  const total = kib('MemTotal');
  const available = kib('MemAvailable');
  return total && available !== null ? 1 - available / total : null;
}
