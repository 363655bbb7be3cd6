/** When answers came to the echo requests of one sender to one target, in Unix milliseconds and in order. */
export type Echoes = readonly number[];

/** Reads one line of `fping -l -D`. Null: it is no answer. */
export function parseEcho(line: string): { at: number; from: string } | null {
  const match = /^\[(\d+\.\d+)\]\s+(\S+)\s+: \[\d+\], \d+ bytes/.exec(line);
  return match === null ? null : { at: Number(match[1]) * 1000, from: match[2]! };
}

/** The index of the first answer at or after a time. */
function indexAt(echoes: Echoes, time: number): number {
  let low = 0;
  let high = echoes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (echoes[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function within(echoes: Echoes, from: number, to: number): Echoes {
  return echoes.slice(indexAt(echoes, from), indexAt(echoes, to));
}

export interface Silence {
  /** The last answer before it, in Unix milliseconds. */
  readonly from: number;
  readonly ms: number;
}

/** The longest silence between two times. What lies before the first and after the last answer counts. */
export function longestSilence(echoes: Echoes, from: number, to: number): Silence {
  let last = echoes[indexAt(echoes, from) - 1] ?? from;
  let longest: Silence = { from: last, ms: 0 };
  for (const at of [...within(echoes, from, to), to]) {
    if (at - last > longest.ms) longest = { from: last, ms: at - last };
    last = at;
  }
  return longest;
}

/** How long nothing had come by then; null when nothing ever had. */
export function silentFor(echoes: Echoes, time: number): number | null {
  const last = echoes[indexAt(echoes, time) - 1];
  return last === undefined ? null : time - last;
}

/** Whether answers kept coming between two times, with no silence longer than a second. */
export function keptComing(echoes: Echoes, from: number, to: number): boolean {
  return longestSilence(echoes, from, to).ms <= 1000 && within(echoes, from, to).length > 0;
}
