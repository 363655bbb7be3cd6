import { expect, it } from 'vitest';
import type { Route } from '../../api/routes.ts';
import { routeRows } from './route-rows.ts';

const route = (id: number, cidr: string, more: Partial<Route> = {}) =>
  ({ id, cidr, interface: '_notset', metric: 0, advertise: false, ...more }) as Route;

const idsOf = (routes: readonly Route[]) => routeRows(routes).map((row) => row.route.id);
const keysOf = (routes: readonly Route[]) => routeRows(routes).map(({ key }) => key);

it('stands in the order of networks', () => {
  expect(idsOf([route(1, '10.0.10.0/24'), route(2, '10.0.9.0/24'), route(3, '9.0.0.0/8')])).toEqual([
    3, 2, 1,
  ]);
});

it('keeps place and key of a route that is made anew', () => {
  const other = route(2, '10.0.2.0/24');
  const before = [route(1, '10.0.1.0/24', { gateway: '10.0.0.1' }), other];
  const after = [other, route(3, '10.0.1.0/24', { gateway: '10.0.0.1', advertise: true })];
  expect(keysOf(after)).toEqual(keysOf(before));
  expect(idsOf(after)).toEqual([3, 2]);
});

it('tells two routes of the same place apart while both are there', () => {
  const keys = keysOf([route(1, '10.0.1.0/24'), route(3, '10.0.1.0/24', { advertise: true })]);
  expect(new Set(keys).size).toBe(2);
});
