/** All round trips in ms that `fping -C N -q` prints for one host; silence is a dash there and nothing here. */
export function roundTrips(text: string): number[] {
  const line = text.split('\n').find((one) => /^\S+\s+:/.test(one)) ?? '';
  const words = line
    .slice(line.indexOf(':') + 1)
    .trim()
    .split(/\s+/);
  return words.filter((word) => /^[\d.]+$/.test(word)).map(Number);
}
