/** Times for people. All take Unix milliseconds; "now" is given, so that every word can be tested. */
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `4 s`, `3 min 20 s`, `5 h 12 min`, `3 d 4 h`: two units at most, the second only while it matters. */
export function duration(ms: number): string {
  const value = Math.max(0, ms);
  if (value < MINUTE) return `${Math.floor(value / 1000)} s`;
  if (value < 10 * MINUTE) return two(value, MINUTE, 'min', 1000, 's');
  if (value < HOUR) return `${Math.floor(value / MINUTE)} min`;
  if (value < DAY) return two(value, HOUR, 'h', MINUTE, 'min');
  return two(value, DAY, 'd', HOUR, 'h');
}

function two(value: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((value % large) / small);
  const head = `${Math.floor(value / large)} ${largeName}`;
  return rest === 0 ? head : `${head} ${rest} ${smallName}`;
}

export function ago(at: number | null, now: number): string {
  if (at === null) return 'never';
  return now - at < 1500 ? 'just now' : `${duration(now - at)} ago`;
}

/** The clock alone today, with the date on other days. */
export function clock(at: number, now: number): string {
  const time = new Date(at).toLocaleTimeString('en-GB');
  if (new Date(at).toDateString() === new Date(now).toDateString()) return time;
  return `${new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })} ${time}`;
}

export function dateTime(at: number): string {
  return `${new Date(at).toLocaleDateString('en-GB', { dateStyle: 'medium' })}, ${new Date(at).toLocaleTimeString('en-GB')}`;
}
