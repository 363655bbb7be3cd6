/** The line of a sparkline as SVG path data. A gap stays a gap: a lost probe is no value. */
export function sparklinePath(values: readonly (number | null)[], width: number, height: number): string {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return '';
  const top = Math.max(...known) * 1.15;
  const bottom = Math.min(...known) * 0.85;
  const span = Math.max(top - bottom, 0.1);
  const step = width / (values.length - 1);
  let pen = 'M';
  let path = '';
  values.forEach((value, index) => {
    if (value === null) {
      pen = 'M';
      return;
    }
    const y = height - 1 - ((value - bottom) / span) * (height - 2);
    path += `${pen}${(index * step).toFixed(1)} ${y.toFixed(1)}`;
    pen = 'L';
  });
  return path;
}
