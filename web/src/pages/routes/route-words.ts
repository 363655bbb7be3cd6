import type { NewRoute, Route } from '../../api/routes.ts';

/** The API's word for "none was given". */
const NOT_SET = '_notset';

/** Where packets for the network go from here. */
export function leadsTo({ interface: name, gateway }: Pick<Route, 'interface' | 'gateway'>): string {
  const parts = [
    gateway && gateway !== NOT_SET && `gateway ${gateway}`,
    name !== NOT_SET && `interface ${name}`,
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : 'this site';
}

/** The same route, announced or not. */
export function withAdvertise(route: Route, advertise: boolean): NewRoute {
  const { cidr, description, interface: name, gateway, metric } = route;
  return {
    cidr,
    description,
    advertise,
    metric,
    ...(name !== NOT_SET && { interface: name }),
    ...(gateway && gateway !== NOT_SET && { gateway }),
  };
}
