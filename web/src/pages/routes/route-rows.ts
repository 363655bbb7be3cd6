import type { Route } from '../../api/routes.ts';

export interface RouteEntry {
  readonly key: string;
  readonly route: Route;
}

const COLLATOR = new Intl.Collator('en', { numeric: true });

/**
 * Routes by network, each with a key that stays. Their ids do not: a route that is announced is made anew, and its row
 * must neither jump nor lose the keyboard.
 */
export function routeRows(routes: readonly Route[]): RouteEntry[] {
  const seen = new Map<string, number>();
  return routes
    .map((route) => ({ place: placeOf(route), route }))
    .sort((a, b) => COLLATOR.compare(a.place, b.place) || a.route.id - b.route.id)
    .map(({ place, route }) => {
      const times = (seen.get(place) ?? 0) + 1;
      seen.set(place, times);
      return { key: times === 1 ? place : `${place} (${times})`, route };
    });
}

const placeOf = ({ cidr, interface: name, gateway, metric }: Route): string =>
  [cidr, name, gateway ?? '', metric].join(' ');
