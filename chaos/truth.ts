import { type Echoes, keptComing, longestSilence, silentFor } from './echoes.ts';

/**
 * The truth score. Once a second each controller is asked how its links are, and beside it an independent probe
 * sends echo requests through each tunnel from end to end. A statement is wrong when it says
 *
 * - `up` or `degraded`, and no packet has passed for more than a second, or for the detection time that status itself shows
 *   plus half a second, whichever is longer (a link that lost 30 % is judged after 1.5 s, as docs/failure-detection.md says);
 * - `down`, and packets have passed without a second's break for longer than a return takes: four seconds, in which
 *   BFD's three steps go at its idle rhythm and BGP connects anew (it tries once a second).
 *
 * `down` is right while BIRD stands still at one end, whatever the tunnel carries: no route uses it then. `unknown`, and a
 * controller that does not answer, state nothing; they are counted beside the score and not in it.
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

export interface Standstill {
  readonly controller: number;
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
  for (const statement of statements) {
    if (statement.state === null || statement.state === 'unknown') {
      silent++;
      continue;
    }
    const because = refute(statement, echoesOf(statement.by, statement.peer), standstills);
    if (because === null) right++;
    else wrong.push({ ...statement, because });
  }
  return { right, silent, wrong };
}

/** What speaks against a statement; null when nothing does. */
function refute(statement: Statement, echoes: Echoes, standstills: readonly Standstill[]): string | null {
  const { at, by, peer, state, detectionMs } = statement;
  if (state !== 'down') {
    const silence = silentFor(echoes, at) ?? 0;
    const allowed = Math.max(SILENCE_MS, (detectionMs ?? 0) + NEWS_MS);
    return silence > allowed ? `no packet for ${Math.round(silence)} ms` : null;
  }
  const since = at - SILENCE_MS - RETURN_MS;
  if (
    standstills.some(({ controller, from, to }) => [by, peer].includes(controller) && from < at && to > since)
  )
    return null;
  if (!keptComing(echoes, since, at)) return null;
  return `packets pass, with no break longer than ${Math.round(longestSilence(echoes, since, at))} ms`;
}

export const score = ({ right, wrong }: Truth): number =>
  right + wrong.length === 0 ? 1 : right / (right + wrong.length);
