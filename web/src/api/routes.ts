import { useMutation, useQuery } from '@tanstack/react-query';
import type { NewRoute, Route } from '../../../src/api/resources/routes.ts';
import type { MeshRoute } from '../../../src/observe/mesh-status.ts';
import { queryClient } from './query-client.ts';
import { request } from './request.ts';

export type { NewRoute, Route };

type RouteMap = Readonly<Record<string, Route>>;

const key = ['routes'];
const adopt = (map: RouteMap) => queryClient.setQueryData(key, map);

export const useRoutes = () =>
  useQuery({
    queryKey: key,
    queryFn: () => request<RouteMap>('GET', '/routes'),
    select: (map) => Object.values(map).sort((a, b) => a.id - b.id),
  });

/** Asked while somebody looks at them: they are too many to be told with every change. */
export const useMeshRoutes = () =>
  useQuery({
    queryKey: ['mesh-routes'],
    queryFn: () => request<MeshRoute[]>('GET', '/mesh/routes'),
    refetchInterval: 3000,
    // Comparing thousands of them with what was there costs more than drawing the few that are shown.
    structuralSharing: false,
  });

export const useAddRoute = () =>
  useMutation({
    mutationFn: (route: NewRoute) => request<RouteMap>('POST', '/routes', route),
    onSuccess: adopt,
  });

export const useDeleteRoute = () =>
  useMutation({ mutationFn: (id: number) => request<RouteMap>('DELETE', `/routes/${id}`), onSuccess: adopt });

export const useEnableRoute = () =>
  useMutation({
    mutationFn: ({ id, enabled }: { id: number; enabled: boolean }) =>
      request<Route>('PUT', `/routes/${id}/${enabled ? 'enable' : 'disable'}`),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: key }),
  });

/**
 * The API has no change of a route in place: the new one is made first, so that a refusal loses nothing, and only
 * then the old one goes.
 */
export const useReplaceRoute = () =>
  useMutation({
    mutationFn: async ({ id, route }: { id: number; route: NewRoute }) => {
      await request<RouteMap>('POST', '/routes', route);
      return request<RouteMap>('DELETE', `/routes/${id}`);
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: key }),
  });
