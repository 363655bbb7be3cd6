import { beforeAll, describe, expect, it } from 'vitest';
import type { RefusedError } from '../../../src/cli/cli-error.ts';
import { cli } from '../../support/cli.ts';
import { sharedLab } from '../../support/lab.ts';
import { eventually, holds } from '../../support/until.ts';

/*
 *     172.20.0.1                 site 1 host                            site 2 host
 *     (behind the host) ---- 10.201.1.10 -------- [ 1 ] ====== [ 2 ] -- 10.201.2.10
 *                                                    \\       //
 *                                                     [  3  ] -- 10.201.3.10
 *     the underlay of all: 10.195.0.0/24
 */
const BEHIND = '172.20.0.1';
const lab = sharedLab();

interface Route {
  readonly id: number;
  readonly cidr: string;
  readonly enabled: boolean;
}
type Routes = Record<string, Route>;

const post = (id: number, route: object) => lab.api(id).post<Routes>('/routes', route);
const idOf = (routes: Routes, cidr: string) => Object.values(routes).find((route) => route.cidr === cidr)?.id;

/** "At once" with room for a busy machine. */
const AT_ONCE = { within: 5 };

async function carries(id: number, cidr: string): Promise<boolean> {
  const { stdout } = await lab.exec(id, ['ip', '-j', 'route', 'show', 'table', '1195', cidr]);
  const inKernel = stdout.includes(`"${cidr}"`);
  const inMesh = (await lab.mesh(id)).routes.some((route) => route.cidr === cidr && route.via !== null);
  expect(inMesh, `kernel and status of controller ${id} agree about ${cidr}`).toBe(inKernel);
  return inKernel;
}

async function untilCarried(ids: readonly number[], cidr: string, wanted: boolean): Promise<void> {
  for (const id of ids) {
    await eventually(
      `controller ${id} ${wanted ? 'carries' : 'has dropped'} ${cidr}`,
      async () => expect(await carries(id, cidr)).toBe(wanted),
      AT_ONCE,
    );
  }
}

async function pings(site: number, address: string): Promise<boolean> {
  return (await lab.exec({ site }, ['fping', '-C1', '-q', '-t500', address])).code === 0;
}

beforeAll(async () => {
  await lab.untilAllUp();
  await lab.exec({ site: 1 }, ['ip', 'address', 'add', `${BEHIND}/32`, 'dev', 'lo']);
});

describe('an advertised network', () => {
  it('is carried by all others at once', async () => {
    await post(1, { cidr: '10.77.0.0/24', advertise: true });
    await untilCarried([2, 3], '10.77.0.0/24', true);
    const { members } = await lab.mesh(2);
    expect(members.find(({ id }) => id === 1)?.networks).toEqual(['10.77.0.0/24', '10.201.1.0/24'].sort());
    const extended = await lab
      .api(2)
      .get<{ subnet: string; managerid: number; origin: string }[]>(
        '/status/connected_subnets?extended_output=true',
      );
    expect(extended).toContainEqual(
      expect.objectContaining({ subnet: '10.77.0.0/24', managerid: 1, origin: 'remote_manager' }),
    );
  });

  it('is dropped at once when the route is disabled, and carried again when enabled', async () => {
    const id = idOf(await lab.api(1).get<Routes>('/routes'), '10.77.0.0/24');
    expect(await lab.api(1).put<Route>(`/routes/${id}/disable`)).toMatchObject({ id, enabled: false });
    await untilCarried([2, 3], '10.77.0.0/24', false);
    expect(await lab.api(1).put<Route>(`/routes/${id}/enable`)).toMatchObject({ id, enabled: true });
    await untilCarried([2, 3], '10.77.0.0/24', true);
  });

  it('is dropped at once when the route is deleted', async () => {
    const { code, stdout } = await cli(['route', 'delete', '10.77.0.0/24', '--lab', '1']);
    expect(code).toBe(0);
    expect(stdout).not.toContain('10.77.0.0/24');
    await untilCarried([2, 3], '10.77.0.0/24', false);
  });

  it('is one row, however often it is created', async () => {
    const route = { cidr: '10.78.0.0/16', advertise: true, description: 'five times' };
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => post(1, route)));
    const ids = answers.map((routes) => idOf(routes, '10.78.0.0/16'));
    expect(new Set(ids).size).toBe(1);
    const rows = Object.values(await lab.api(1).get<Routes>('/routes')).filter(
      ({ cidr }) => cidr === '10.78.0.0/16',
    );
    expect(rows).toHaveLength(1);
    await lab.api(1).delete(`/routes/${ids[0]}`);
  });

  it('may be advertised by two controllers: the other one is taken when one is gone', async () => {
    await post(1, { cidr: '10.79.0.0/24', advertise: true });
    await post(3, { cidr: '10.79.0.0/24', advertise: true });
    const origin = async () =>
      (await lab.mesh(2)).routes.find(({ cidr, best }) => cidr === '10.79.0.0/24' && best)?.origin;
    await eventually('one of them is used', async () => expect([1, 3]).toContain(await origin()), AT_ONCE);
    const first = (await origin()) as number;
    const routes = await lab.api(first).get<Routes>('/routes');
    await lab.api(first).delete(`/routes/${idOf(routes, '10.79.0.0/24')}`);
    await eventually('the other one is used', async () => expect(await origin()).toBe(4 - first), AT_ONCE);
  });
});

describe('a network behind a router of a site', () => {
  it('is reached from every site through a static route', async () => {
    expect(await pings(2, BEHIND)).toBe(false);
    await post(1, { cidr: '172.20.0.0/24', gateway: '10.201.1.10', interface: 'site0', advertise: true });
    await untilCarried([2, 3], '172.20.0.0/24', true);
    for (const site of [2, 3])
      await eventually(
        `site ${site} reaches it`,
        async () => expect(await pings(site, BEHIND)).toBe(true),
        AT_ONCE,
      );
  });

  it('is no longer reached when the route is deleted', async () => {
    const id = idOf(await lab.api(1).get<Routes>('/routes'), '172.20.0.0/24');
    await lab.api(1).delete(`/routes/${id}`);
    await untilCarried([2, 3], '172.20.0.0/24', false);
    expect(await pings(2, BEHIND)).toBe(false);
  });

  it('stays private when it is not advertised', async () => {
    const routes = await post(1, { cidr: '172.20.0.0/24', gateway: '10.201.1.10/32' });
    await eventually(
      'the site itself reaches it through its controller',
      async () => {
        const { code } = await lab.exec(1, ['fping', '-C1', '-q', '-t500', BEHIND]);
        expect(code).toBe(0);
      },
      AT_ONCE,
    );
    await untilCarried([2, 3], '172.20.0.0/24', false);
    await lab.api(1).delete(`/routes/${idOf(routes, '172.20.0.0/24')}`);
  });
});

describe('the network that the tunnels themselves run in', () => {
  it('is advertised by all without breaking a link', async () => {
    const marks = await lab.mark();
    for (const id of [1, 2, 3]) await post(id, { cidr: '10.195.0.0/24', advertise: true });
    await holds(
      'all links stay up',
      async () => {
        await lab.expectNo(['link_down', 'link_degraded'], marks);
        for (const id of [1, 2, 3])
          expect((await lab.mesh(id)).links.map(({ state }) => state)).toEqual(['up', 'up']);
      },
      { lasting: 8, everyMs: 1000 },
    );
    await lab.untilReachable();
    for (const site of [1, 2, 3]) expect(await pings(site, `10.195.0.${site}`), `site ${site}`).toBe(true);
  });

  it('is advertised in halves, which are more specific than the interface, without breaking a link', async () => {
    const marks = await lab.mark();
    for (const cidr of ['10.195.0.0/25', '10.195.0.2/32']) await post(3, { cidr, advertise: true });
    await holds('all links stay up', () => lab.expectNo(['link_down'], marks), { lasting: 8, everyMs: 1000 });
    await lab.untilReachable();
    for (const id of [1, 2, 3]) {
      const routes = await lab.api(id).get<Routes>('/routes');
      for (const route of Object.values(routes))
        if (route.cidr.startsWith('10.195.')) await lab.api(id).delete(`/routes/${route.id}`);
    }
  });
});

describe('a route that must not be', () => {
  it.each([
    [{ cidr: '0.0.0.0/0', advertise: true }, 'the mesh carries no default route'],
    [{ cidr: '100.127.255.0/25', advertise: true }, 'overlaps the overlay subnet'],
    [{ cidr: '127.0.0.0/8', advertise: true }, 'is loopback'],
    [{ cidr: '10.1.2.3/24' }, 'did you mean 10.1.2.0/24?'],
    [{ cidr: '10.1.2.0/24', interface: 'mw2' }, 'is a link of the mesh'],
    [{ cidr: '10.1.2.0/24', interface: 'eth0"; }' }, 'interface is invalid'],
    [{ cidr: '10.1.2.0/24', gateway: '224.0.0.1' }, 'gateway is invalid'],
    [{ cidr: '10.1.2.0/24', description: 'a "quoted" word' }, 'description is invalid'],
  ])('is refused with a reason: %j', async (route, words) => {
    const refused = await post(1, route).catch((error: RefusedError) => error);
    expect(refused).toMatchObject({ status: 400 });
    expect((refused as RefusedError).message).toContain(words);
    expect(Object.values(await lab.api(1).get<Routes>('/routes')).map(({ cidr }) => cidr)).toEqual(
      expect.not.arrayContaining([route.cidr]),
    );
  });

  it('leaves everything as it was', async () => {
    await lab.untilAllUp();
    await lab.untilReachable();
    expect((await lab.mesh(1)).applier.last_error).toBeNull();
  });
});
