/** A routing table of one controller, as far as the overlay goes: where packets of a destination leave. */
export interface Route {
  readonly dst: string;
  /** The controller that it leads to; null: it ends here, or nowhere. */
  readonly via: number | null;
}

interface IpRoute {
  readonly dst: string;
  readonly dev?: string;
  readonly type?: string;
  readonly metric?: number;
}

/** Reads `ip -j route show table 1195`. Of several routes to a destination the one with the lowest metric counts. */
export function parseTable(text: string): Route[] {
  const routes = (text.trim() === '' ? [] : (JSON.parse(text) as IpRoute[]))
    .filter(({ type }) => type === undefined || type === 'unicast')
    .sort((a, b) => (a.metric ?? 0) - (b.metric ?? 0));
  const best = new Map<string, Route>();
  for (const { dst, dev } of routes) {
    const peer = /^mw(\d+)$/.exec(dev ?? '')?.[1];
    if (!best.has(dst)) best.set(dst, { dst, via: peer === undefined ? null : Number(peer) });
  }
  return [...best.values()];
}

export type Tables = ReadonlyMap<number, readonly Route[]>;

/** Circles that packets would run in if all tables were read at one moment, as `10.201.2.0/24: 1 > 3 > 1`. */
export function loops(tables: Tables): string[] {
  const found = new Set<string>();
  const next = (at: number, dst: string) => tables.get(at)?.find((route) => route.dst === dst)?.via ?? null;
  for (const [start, routes] of tables) {
    for (const { dst } of routes) {
      const passed: number[] = [];
      let at: number | null = start;
      while (at !== null && !passed.includes(at)) {
        passed.push(at);
        at = next(at, dst);
      }
      if (at === null) continue;
      const circle = passed.slice(passed.indexOf(at));
      // Begun at its smallest member, so that one circle has one name.
      const from = circle.indexOf(Math.min(...circle));
      const turned = [...circle.slice(from), ...circle.slice(0, from)];
      found.add(`${dst}: ${[...turned, turned[0]].join(' > ')}`);
    }
  }
  return [...found].sort();
}

/** Routes that lead to a controller which is not there, or to what only it has. */
export function routesTo(dead: number, ownedBy: readonly string[], tables: Tables): string[] {
  return [...tables].flatMap(([id, routes]) =>
    id === dead
      ? []
      : routes
          .filter(({ dst, via }) => via === dead || (via !== null && ownedBy.includes(dst)))
          .map(({ dst, via }) => `controller ${id}: ${dst} via ${via}`),
  );
}
