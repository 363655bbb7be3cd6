import { type Echoes, keptComing, longestSilence, silentFor } from './echoes.ts';

/**
 * The truth score. Once a second each controller is asked how its links are, and beside it an independent probe
 * sends echo requests through each tunnel from end to end. A statement is wrong when it says
 *
 * - `up` or `degraded`, and no packet has passed for more than a second, or for the detection time that status itself shows
 *   plus half a second, whichever is longer (a link that lost 30 % is judged after 1.5 s, as docs/failure-detection.md says);
 * - `down`, it has said so for longer than a return takes, and packets have passed all that time without a second's break. A
 *   return takes up to four seconds: BFD's three steps go at its idle rhythm, and BGP, which tries once a second, connects anew.
 *
 * `down` is right while the fault keeps an engine of the link from running, whatever the tunnel carries: no route uses it
 * then. A return counts from when the engine is back. `unknown`, and a controller that does not answer, state nothing; they are
 * counted beside the score and not in it.
 */
export const SILENCE_MS = 1000;
export const NEWS_MS = 500;
export const RETURN_MS = 4000;

export interface Statement {
  readonly at: number;
  readonly by: number;
  readonly peer: number;
  readonly state: 'up' | 'degraded' | 'down' | 'unknown' | null;
  readonly detectionMs: number | null;
  /** What status gave as its grounds, for the one who looks into a wrong statement. */
  readonly grounds: string;
}

/** A time in which an engine that a link needs does not run, because the fault stopped or killed it. */
export interface Standstill {
  /** One: all links of that controller. Two: the link between them. */
  readonly ids: readonly number[];
  readonly from: number;
  readonly to: number;
}

export interface Truth {
  readonly right: number;
  readonly silent: number;
  readonly wrong: readonly (Statement & { readonly because: string })[];
}

export function judgeStatements(
  statements: readonly Statement[],
  echoesOf: (by: number, peer: number) => Echoes,
  standstills: readonly Standstill[],
): Truth {
  let right = 0;
  let silent = 0;
  const wrong: Truth['wrong'][number][] = [];
  /** When each began to say down without a break. */
  const downSince = new Map<string, number>();
  for (const statement of statements) {
    const { by, peer, state, at } = statement;
    if (state === null || state === 'unknown') {
      silent++;
      continue;
    }
    const link = `${by} ${peer}`;
    if (state !== 'down') downSince.delete(link);
    else if (!downSince.has(link)) downSince.set(link, at);
    const because = refute(statement, downSince.get(link) ?? at, echoesOf(by, peer), standstills);
    if (because === null) right++;
    else wrong.push({ ...statement, because });
  }
  return { right, silent, wrong };
}

/** What speaks against a statement; null when nothing does. */
function refute(
  { at, by, peer, state, detectionMs }: Statement,
  downSince: number,
  echoes: Echoes,
  standstills: readonly Standstill[],
): string | null {
  if (state !== 'down') {
    const silence = silentFor(echoes, at) ?? 0;
    const allowed = Math.max(SILENCE_MS, (detectionMs ?? 0) + NEWS_MS);
    return silence > allowed ? `no packet for ${Math.round(silence)} ms` : null;
  }
  const since = at - SILENCE_MS - RETURN_MS;
  if (downSince > since) return null;
  const stands = ({ ids, from, to }: Standstill) =>
    ids.every((id) => id === by || id === peer) && from < at && to > since;
  if (standstills.some(stands)) return null;
  if (!keptComing(echoes, since, at)) return null;
  return `packets pass, with no break longer than ${Math.round(longestSilence(echoes, since, at).ms)} ms`;
}

export const score = ({ right, wrong }: Truth): number =>
  right + wrong.length === 0 ? 1 : right / (right + wrong.length);
