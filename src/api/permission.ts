import { MeshwrightError } from '../errors/catalogue.ts';

/**
 * What a route needs. `local` is the control socket alone: whoever may open it is root or the service user, so it
 * may do everything, and some things only it may do. `public` needs no login: such a route authenticates its payload.
 */
export type Permission = `${string}:${'read' | 'write'}` | 'local' | 'public';

/** Who a request comes from, once its credentials were checked. */
export interface Principal {
  readonly name: string;
  readonly permissions: 'everything' | 'everything-remote' | ReadonlySet<Permission>;
  /** Only the password may be changed until it was. */
  readonly mustChange?: boolean;
  /** Calls back when these credentials are no longer good; returns the function that ends the subscription. */
  readonly onEnd?: (listener: () => void) => () => void;
}

export const LOCAL_PRINCIPAL: Principal = { name: 'local', permissions: 'everything' };
export const API_PRINCIPAL: Principal = { name: 'api', permissions: 'everything-remote' };

export function requirePermission(principal: Principal, permission: Permission): void {
  const { permissions } = principal;
  if (principal.mustChange && permission !== 'session:write') {
    throw new MeshwrightError('PASSWORD_CHANGE_NEEDED');
  }
  if (permissions === 'everything') return;
  if (permissions === 'everything-remote' ? permission !== 'local' : permissions.has(permission)) return;
  throw new MeshwrightError('PERMISSION_MISSING', { permission });
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route below /api declares one; a server with a route that does not cannot be built. */
    permission?: Permission;
    /** Answers "Must be licensed first." while there is no licence. */
    licensed?: boolean;
    /** The body is handed over as the bytes that arrived, whatever its type. */
    raw?: boolean;
    /** The newer families of the contract give bad arguments this name. */
    badRequestName?: 'APIBadRequestError';
  }
  interface FastifyRequest {
    principal: Principal | null;
  }
}
