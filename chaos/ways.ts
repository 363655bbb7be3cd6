import { type Effects, isSame, type Pair } from './fault.ts';

/** Controllers on a way, both ends included: more than three networks in a row BGP's import filter refuses. */
const LONGEST_WAY = 4;

/** Whether traffic between the sites of two controllers has any way while the fault lasts. */
export function hasWay(
  [from, to]: Pair,
  size: number,
  { dark = [], off = [], routeless = [] }: Effects,
): boolean {
  const alive = Array.from({ length: size }, (_, index) => index + 1).filter(
    (id) => !off.includes(id) && !routeless.includes(id),
  );
  let reached = new Set(alive.filter((id) => id === from));
  for (let length = 1; length < LONGEST_WAY; length++) {
    const further = alive.filter((id) =>
      [...reached].some((at) => at !== id && !dark.some((link) => isSame(link, [at, id]))),
    );
    reached = new Set([...reached, ...further]);
  }
  return from !== to && reached.has(from) && reached.has(to);
}

/** Whether the direct way of a pair, which it takes when nothing is wrong, is concerned. */
export function isConcerned(pair: Pair, effects: Effects): boolean {
  const { dark = [], poor = [], rebuilt = [], off = [], routeless = [], restarting = [] } = effects;
  return (
    [...dark, ...poor, ...rebuilt].some((link) => isSame(link, pair)) ||
    [...off, ...routeless, ...restarting].some((id) => pair.includes(id))
  );
}

export function allPairs(size: number): Pair[] {
  const ids = Array.from({ length: size }, (_, index) => index + 1);
  return ids.flatMap((from) => ids.filter((to) => to !== from).map((to) => [from, to] as const));
}

/** Two faults at once take away what each of them takes. */
export function together(a: Effects, b: Effects): Effects {
  const both = <K extends 'dark' | 'poor' | 'rebuilt'>(key: K) => [...(a[key] ?? []), ...(b[key] ?? [])];
  const ids = <K extends 'off' | 'routeless' | 'restarting'>(key: K) => [
    ...(a[key] ?? []),
    ...(b[key] ?? []),
  ];
  return {
    dark: both('dark'),
    poor: both('poor'),
    rebuilt: both('rebuilt'),
    off: ids('off'),
    routeless: ids('routeless'),
    restarting: ids('restarting'),
    repairMs: (a.repairMs ?? 0) + (b.repairMs ?? 0),
    recoveryMs: Math.max(a.recoveryMs ?? 0, b.recoveryMs ?? 0),
  };
}
