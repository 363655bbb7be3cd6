import { type Role, roleAllows } from '../access/roles.ts';
import { MeshwrightError } from '../errors/catalogue.ts';
import type { RouteTable } from './route-table.ts';

/**
 * What a route needs. `local` is the control socket alone: whoever may open it is root or the service user, so it
 * may do everything, and some things only it may do. `public` needs no login: such a route authenticates its payload.
 */
export type Permission = `${string}:${'read' | 'write'}` | 'local' | 'public';

/** Who a request comes from, once its credentials were checked. */
export interface Principal {
  readonly name: string;
  readonly permissions: 'everything' | Role | ReadonlySet<Permission>;
  /** The user behind the credentials, if there is one. */
  readonly userId?: number | null;
  /** The digest of the session, for a browser that is logged in. */
  readonly session?: string;
  /** The one clientpack that the visitor of an access URL may fetch. */
  readonly clientpack?: string;
  /** Only the password may be changed until it was. */
  readonly mustChange?: boolean;
  /** Whether these credentials are still worth what they were; for answers that go on and on. Without it for ever. */
  readonly isGood?: () => boolean;
  /** Calls back when these credentials are no longer good; returns the function that ends the subscription. */
  readonly onEnd?: (listener: () => void) => () => void;
}

export const LOCAL_PRINCIPAL: Principal = { name: 'local', permissions: 'everything' };
export const API_PRINCIPAL: Principal = { name: 'api', permissions: 'admin' };

export function requirePermission(principal: Principal, permission: Permission): void {
  const { permissions } = principal;
  if (principal.mustChange && permission !== 'session:write') {
    throw new MeshwrightError('PASSWORD_CHANGE_NEEDED');
  }
  if (allows(permissions, permission)) return;
  throw new MeshwrightError('PERMISSION_MISSING', { permission });
}

function allows(permissions: Principal['permissions'], permission: Permission): boolean {
  if (permissions === 'everything') return true;
  if (permission === 'local') return false;
  return typeof permissions === 'string' ? roleAllows(permissions, permission) : permissions.has(permission);
}

/** The role that somebody's credentials come to; what he makes or hands on is never worth more. */
export function roleOf({ permissions }: Principal): Role {
  if (permissions === 'everything') return 'admin';
  return typeof permissions === 'string' ? permissions : 'viewer';
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route, for those that tell about routes. */
    routeTable: RouteTable;
  }
  interface FastifyContextConfig {
    /** Every route below /api declares one; a server with a route that does not cannot be built. */
    permission?: Permission;
    /** Answers "Must be licensed first." while there is no licence. */
    licensed?: boolean;
    /** The body is handed over as the bytes that arrived, whatever its type. */
    raw?: boolean;
    /** A public route where somebody tries to get in: the audit log tells of failures too. */
    audited?: boolean;
    /** The newer families of the contract give bad arguments this name. */
    badRequestName?: 'APIBadRequestError';
  }
  interface FastifyRequest {
    principal: Principal | null;
  }
}
