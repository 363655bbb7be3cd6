/** Figures for people. A dash is "not known", never zero. */
export const UNKNOWN = '–';

/** Three significant digits where it matters: `0.42 ms`, `8.1 ms`, `143 ms`. */
export function millis(value: number | null): string {
  return value === null ? UNKNOWN : `${milliNumber(value)} ms`;
}

export function milliNumber(value: number): string {
  if (value < 1) return value.toFixed(2);
  return value < 100 ? value.toFixed(1) : Math.round(value).toString();
}

/** A share of 0 to 1. Loss that is there never reads as 0 %, nor time that is missing as 100 %. */
export function percent(share: number | null): string {
  if (share === null) return UNKNOWN;
  const value = share * 100;
  if (value > 0 && value < 0.1) return '< 0.1 %';
  if (value > 99.9 && value < 100) return '> 99.9 %';
  const isNearAnEnd = (value > 0 && value < 10) || (value >= 99.5 && value < 100);
  return isNearAnEnd ? `${value.toFixed(1)} %` : `${Math.round(value)} %`;
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

export function bytes(value: number): string {
  const power = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, value)) / 10)));
  const scaled = value / 1024 ** power;
  return `${power === 0 || scaled >= 100 ? Math.round(scaled) : scaled.toFixed(1)} ${UNITS[power]}`;
}

export function count(value: number, one: string, many = `${one}s`): string {
  return `${value.toLocaleString('en-GB')} ${value === 1 ? one : many}`;
}

/** A list that may be long: its beginning, and how many more there are. */
export function some(values: readonly string[], shown: number): string {
  const rest = values.length - shown;
  return [...values.slice(0, shown), ...(rest > 0 ? [`and ${rest.toLocaleString('en-GB')} more`] : [])].join(
    '  ',
  );
}

/** The first and last digits of a checksum: enough to compare by eye, the whole is in the title. */
export function shortChecksum(checksum: string): string {
  return checksum.length > 14 ? `${checksum.slice(0, 6)}…${checksum.slice(-6)}` : checksum;
}
