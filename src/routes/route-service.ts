import type { RouteIntent } from '../compile/intent.ts';
import { MeshwrightError } from '../errors/catalogue.ts';
import type { Cidr } from '../net/ipv4.ts';
import type { Database } from '../store/database.ts';
import { gatewayAddress, type NewRoute, parseRoute, type Route } from './route.ts';

/** As many as the applier accepts in one desired state. */
const MAX_ROUTES = 5000;

interface Stored {
  readonly id: number;
  readonly cidr: string;
  readonly description: string;
  readonly interface: string | null;
  readonly gateway: string | null;
  readonly advertise: number;
  readonly enabled: number;
  readonly metric: number;
  readonly route_table: string;
}

/** The operator's routes. Routes that the mesh makes by itself are not listed: clients delete all that they can see. */
export class RouteService {
  readonly #db: Database;
  readonly #overlay: () => Cidr | null;
  /** Each answer of the API and each change of the mesh needs all of them: they are read once a change. */
  #routes: readonly Route[] | null = null;

  constructor(db: Database, overlay: () => Cidr | null) {
    this.#db = db;
    this.#overlay = overlay;
  }

  list(): readonly Route[] {
    this.#routes ??= this.#db.all<Stored>('SELECT * FROM route ORDER BY id').map(fromStored);
    return this.#routes;
  }

  /** What the compiler needs: enabled routes that have an effect. */
  intents(): RouteIntent[] {
    return this.list()
      .filter((route) => route.enabled && (route.advertise || route.interface || route.gateway))
      .map((route) => ({
        cidr: route.cidr,
        gateway: gatewayAddress(route),
        interface: route.interface,
        metric: route.metric,
        advertise: route.advertise,
      }));
  }

  /** Stores a route. The same route again is not a second one; at most it gets the new description. */
  create(input: NewRoute): { changed: boolean } {
    const route = parseRoute(input, this.#overlay());
    this.#routes = null;
    return this.#db.transaction(() => {
      const twin = this.#to(route.cidr).find((other) => sameRoute(other, route));
      if (twin) {
        if (route.description === '' || route.description === twin.description) return { changed: false };
        this.#db.run('UPDATE route SET description = ? WHERE id = ?', route.description, twin.id);
        return { changed: false };
      }
      if (this.#count() >= MAX_ROUTES) throw new MeshwrightError('ROUTES_TOO_MANY', { limit: MAX_ROUTES });
      this.#db.run(
        `INSERT INTO route (cidr, description, interface, gateway, advertise, enabled, metric, route_table)
         VALUES (?, ?, ?, ?, ?, 1, ?, ?)`,
        route.cidr,
        route.description,
        route.interface,
        route.gateway,
        Number(route.advertise),
        route.metric,
        route.table,
      );
      return { changed: true };
    });
  }

  #to(cidr: Cidr): Route[] {
    return this.#db.all<Stored>('SELECT * FROM route WHERE cidr = ?', cidr).map(fromStored);
  }

  #count(): number {
    return this.#db.get<{ count: number }>('SELECT count(*) AS count FROM route')!.count;
  }

  remove(id: string): void {
    this.#routes = null;
    if (this.#db.run('DELETE FROM route WHERE id = ?', routeId(id)).changes === 0) throw unknownRoute();
  }

  setEnabled(id: string, enabled: boolean): Route {
    this.#routes = null;
    this.#db.run('UPDATE route SET enabled = ? WHERE id = ?', Number(enabled), routeId(id));
    const stored = this.#db.get<Stored>('SELECT * FROM route WHERE id = ?', routeId(id));
    if (!stored) throw unknownRoute();
    return fromStored(stored);
  }
}

const unknownRoute = () => new MeshwrightError('ROUTE_UNKNOWN', { field: 'id' });

function routeId(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw unknownRoute();
  return Number(text);
}

/** A description is words about a route, not a part of it; and `10.0.0.1/32` is the gateway `10.0.0.1`. */
function sameRoute(a: Route, b: Omit<Route, 'id' | 'enabled'>): boolean {
  return (
    a.cidr === b.cidr &&
    a.interface === b.interface &&
    gatewayAddress(a) === gatewayAddress(b) &&
    a.advertise === b.advertise &&
    a.metric === b.metric &&
    a.table === b.table
  );
}

function fromStored(row: Stored): Route {
  const { route_table: table, ...rest } = row;
  return {
    ...rest,
    cidr: row.cidr as Cidr,
    advertise: row.advertise === 1,
    enabled: row.enabled === 1,
    table,
  };
}
