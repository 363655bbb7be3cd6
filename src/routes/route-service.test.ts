import { beforeEach, describe, expect, it } from 'vitest';
import type { Cidr } from '../net/ipv4.ts';
import { Database } from '../store/database.ts';
import type { NewRoute } from './route.ts';
import { RouteService } from './route-service.ts';

let routes: RouteService;
beforeEach(() => {
  routes = new RouteService(new Database(':memory:'), () => '100.127.255.192/26' as Cidr);
});

describe('creating', () => {
  it('keeps what the client wrote', () => {
    routes.create({
      cidr: '10.0.1.0/24',
      interface: 'eth0',
      gateway: '10.9.0.1/32',
      description: 'a & b',
      metric: 7,
    });
    routes.create({
      cidr: '10.0.2.0/24',
      interface: '_notset',
      gateway: '_notset',
      advertise: true,
      tunnel: '',
    });
    expect(routes.list()).toEqual([
      {
        id: 1,
        cidr: '10.0.1.0/24',
        description: 'a & b',
        interface: 'eth0',
        gateway: '10.9.0.1/32',
        advertise: false,
        enabled: true,
        metric: 7,
        table: 'main',
      },
      {
        id: 2,
        cidr: '10.0.2.0/24',
        description: '',
        interface: null,
        gateway: null,
        advertise: true,
        enabled: true,
        metric: 0,
        table: 'main',
      },
    ]);
  });

  it('makes one route of the same call made twice', () => {
    const route: NewRoute = {
      cidr: '10.0.1.0/24',
      interface: '',
      gateway: '10.9.0.1',
      advertise: true,
      description: 'x',
    };
    expect(routes.create(route)).toEqual({ changed: true });
    expect(routes.create({ ...route, interface: '_notset', gateway: '10.9.0.1/32' })).toEqual({
      changed: false,
    });
    expect(routes.create({ ...route, description: 'better words' })).toEqual({ changed: false });
    expect(routes.create({ ...route, description: '' })).toEqual({ changed: false });
    expect(routes.list()).toMatchObject([{ id: 1, description: 'better words' }]);
    expect(routes.create({ ...route, advertise: false })).toEqual({ changed: true });
  });

  it.each([
    ['10.0.1.5/24', /did you mean 10\.0\.1\.0\/24/],
    ['10.0.1.5', /10\.0\.1\.5\/32/],
    ['10.0.1.0/33', /0 to 32/],
    ['ten/8', /not a network/],
    ['10.0.0.0/8/8', /not a network/],
    ['2001:db8::/32', /not a network/],
    ['', /not a network/],
    ['100.127.255.192/27', /overlay/],
    ['100.64.0.0/10', /overlay/],
    ['127.0.0.0/8', /loopback/],
    ['224.1.0.0/16', /multicast/],
    ['169.254.195.4/31', /link-local/],
    ['0.0.0.0/8', /no network/],
    ['255.255.255.255/32', /reserved/],
    ['0.0.0.0/0', /default route/],
  ])('refuses the network %j', (cidr, why) => {
    expect(() => routes.create({ cidr, advertise: true })).toThrow(why);
    expect(routes.list()).toEqual([]);
  });

  it('takes a default route for this machine only, and only with a way out', () => {
    expect(() => routes.create({ cidr: '0.0.0.0/0' })).toThrow(/needs an interface or a gateway/);
    expect(routes.create({ cidr: '0.0.0.0/0', gateway: '10.9.0.1' })).toEqual({ changed: true });
  });

  it.each(['say "hi"', 'back\\slash', 'line\nbreak', 'tab\t', 'x'.repeat(256)])(
    'refuses the description %j',
    (text) => {
      expect(() => routes.create({ cidr: '10.0.1.0/24', description: text })).toThrow(
        /^description is invalid/,
      );
    },
  );

  it.each([
    [{ gateway: 'router' }, 'gateway'],
    [{ gateway: '10.0.0.1/24' }, 'gateway'],
    [{ gateway: '0.0.0.0' }, 'gateway'],
    [{ interface: 'eth0; reboot' }, 'interface'],
    [{ interface: 'mw2' }, 'interface'],
    [{ interface: 'lo' }, 'interface'],
    [{ tunnel: 3 }, 'tunnel'],
    [{ table: 'other' }, 'table'],
  ])('refuses %j', (rest, field) => {
    expect(() => routes.create({ cidr: '10.0.1.0/24', ...rest })).toThrow(expect.objectContaining({ field }));
  });
});

describe('an existing route', () => {
  it('is disabled, enabled and removed', () => {
    routes.create({ cidr: '10.0.1.0/24', gateway: '10.9.0.1/32', advertise: true });
    expect(routes.setEnabled('1', false)).toMatchObject({ id: 1, enabled: false });
    expect(routes.intents()).toEqual([]);
    routes.setEnabled('1', true);
    expect(routes.intents()).toEqual([
      { cidr: '10.0.1.0/24', gateway: '10.9.0.1', interface: null, metric: 0, advertise: true },
    ]);
    routes.remove('1');
    expect(routes.list()).toEqual([]);
  });

  it('has no effect without advertisement, interface and gateway', () => {
    routes.create({ cidr: '10.0.1.0/24' });
    expect(routes.intents()).toEqual([]);
  });

  it.each(['1', '0', '-1', 'abc', '1e0', '99999999999999999999', ''])('unknown id %j', (id) => {
    for (const call of [() => routes.remove(id), () => routes.setEnabled(id, true)]) {
      expect(call).toThrow('bad route id or route not found');
    }
  });
});
