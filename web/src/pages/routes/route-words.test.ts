import { expect, it } from 'vitest';
import type { Route } from '../../api/routes.ts';
import { leadsTo, withAdvertise } from './route-words.ts';

const route: Route = {
  id: 4,
  cidr: '10.1.0.0/24',
  netmask: '255.255.255.0',
  interface: '_notset',
  gateway: '10.0.0.1',
  description: 'site',
  advertise: false,
  enabled: true,
  metric: 5,
  editable: true,
  table: 'main',
};

it('says where a route leads', () => {
  expect(leadsTo(route)).toBe('gateway 10.0.0.1');
  expect(leadsTo({ interface: 'eth1', gateway: '10.0.0.1' })).toBe('gateway 10.0.0.1, interface eth1');
  expect(leadsTo({ interface: '_notset' })).toBe('this site');
});

it('keeps everything but what is switched', () => {
  expect(withAdvertise(route, true)).toEqual({
    cidr: '10.1.0.0/24',
    description: 'site',
    advertise: true,
    metric: 5,
    gateway: '10.0.0.1',
  });
});
