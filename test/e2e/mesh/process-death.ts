import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { killAll, type Process, partOf } from '../../../src/lab/processes.ts';
import { startFlow, stopFlows } from '../../support/flow.ts';
import { sharedLab } from '../../support/lab.ts';
import { eventually, holds, until } from '../../support/until.ts';

/*
 *     site 1 ---- [ 1 ] =========== [ 2 ] ---- site 2
 *                    \\             //
 *                      ==== [ 3 ] ==          in every box: controller, applier, BIRD,
 *                             |               a WireGuard process a link, and their supervisors
 *                          site 3
 */
const lab = sharedLab();
afterAll(stopFlows);
beforeEach(() => lab.untilAllUp());

const ids = [1, 2, 3];

/** Engines of a controller as `bird`, `openvpn` and `wireguard-go mw2`, with their process ids. */
function engines(id: number): Map<string, number> {
  const found = lab.processes(id).flatMap(({ name, argv, pid }): [string, number][] => {
    if (name === 'bird' || name === 'openvpn') return [[name, pid]];
    return name === 'wireguard-go' ? [[`wireguard-go ${argv.at(-1)}`, pid]] : [];
  });
  return new Map(found.sort());
}

function supervisorOf(id: number, engine: string): Process | undefined {
  return lab.processes(id).find(({ name, argv }) => name === 'runsv' && argv.at(-1)?.endsWith(`/${engine}`));
}

async function state(id: number) {
  const [config, peering, routes, keyset] = await Promise.all(
    ['/config', '/peering', '/routes', '/keyset'].map((path) => lab.api(id).get(path)),
  );
  return { config, peering, routes, keyset };
}

/** Controller and applier of this machine are back at work. */
async function untilServed(id: number, startedBefore: number): Promise<void> {
  await eventually(
    `controller ${id} is back`,
    async () => {
      const { controller, applier } = await lab.mesh(id);
      expect(controller.started_at).toBeGreaterThan(startedBefore);
      expect(applier).toMatchObject({ connected: true, last_error: null });
    },
    { within: 20 },
  );
}

describe('controller and applier, killed on all machines at once', () => {
  it('cost no packet, no state and no link', async () => {
    const before = await Promise.all(ids.map(state));
    const started = await Promise.all(ids.map(async (id) => (await lab.mesh(id)).controller.started_at));
    const marks = await lab.mark();
    const pids = ids.map(engines);
    expect(pids.map((one) => [...one.keys()].length)).toEqual([5, 5, 5]);
    const flows = [await startFlow(lab, 1, 2, 5), await startFlow(lab, 2, 3, 5)];

    for (const id of ids) {
      expect(lab.kill(id, 'controller')).toBe(1);
      expect(lab.kill(id, 'applier')).toBe(1);
    }
    for (const [index, id] of ids.entries()) await untilServed(id, started[index]!);
    await lab.untilAllUp();

    for (const flow of flows) {
      await flow.untilFlowing();
      expect(await flow.stop()).toMatchObject({ lost: 0 });
    }
    expect(ids.map(engines)).toEqual(pids);
    expect(await Promise.all(ids.map(state))).toEqual(before);
    await lab.expectNo(['link_down', 'link_degraded', 'member_unreachable'], marks);
    for (const id of ids) {
      const kinds = (await lab.events(id, marks.get(id))).map(({ kind }) => kind);
      expect(kinds).toContain('controller_started');
    }
  });

  it('leave the mesh able to change afterwards', async () => {
    await lab.api(1).post('/routes', { cidr: '10.66.0.0/24', advertise: true });
    await eventually(
      'controller 2 carries a new network of 1',
      async () => expect((await lab.mesh(2)).routes.map(({ cidr }) => cidr)).toContain('10.66.0.0/24'),
      { within: 10 },
    );
  });
});

describe('an engine that is killed', () => {
  it('comes back: BIRD', async () => {
    const flow = await startFlow(lab, 1, 2);
    const before = engines(1).get('bird');
    expect(lab.kill(1, 'bird')).toBe(1);
    const after = await until('BIRD runs again', () => engines(1).get('bird'), { within: 10 });
    expect(after).not.toBe(before);
    await flow.untilFlowing(15);
    await lab.untilAllUp();
    await lab.untilReachable();
    expect((await flow.stop()).longestGapMs).toBeLessThan(10_000);
  });

  it('comes back: the WireGuard process of a link, with its interface', async () => {
    const flow = await startFlow(lab, 1, 2);
    const before = engines(1);
    expect(lab.kill(1, { link: 2 })).toBe(1);
    await until('the WireGuard process runs again', () => engines(1).has('wireguard-go mw2'), { within: 10 });
    await flow.untilFlowing(15);
    await lab.untilLink(1, 2, 'up', 30);
    await lab.untilAllUp();
    expect((await flow.stop()).longestGapMs).toBeLessThan(10_000);
    const after = engines(1);
    expect(after.get('wireguard-go mw2')).not.toBe(before.get('wireguard-go mw2'));
    expect(after.get('wireguard-go mw3')).toBe(before.get('wireguard-go mw3'));
    expect(after.get('bird')).toBe(before.get('bird'));
  });

  it('comes back with an interface that somebody took down', async () => {
    const marks = await lab.mark();
    const { code } = await lab.exec(1, ['ip', 'link', 'set', 'mw2', 'down']);
    expect(code).toBe(0);
    await lab.untilLink(1, 2, 'down', 10);
    await lab.untilLink(1, 2, 'up', 30);
    await lab.untilAllUp();
    await lab.expectNo(['link_down'], marks, [3]);
  });

  /** As a process that began anew behind its helper's back: it has an interface, and nothing else. */
  it('comes back with an interface that has lost its keys', async () => {
    const keys = (await lab.exec(1, ['wg', 'show', 'mw2', 'peers'])).stdout.trim();
    expect(keys).toMatch(/^\S{44}$/);
    for (const argv of [
      ['wg', 'set', 'mw2', 'private-key', '/dev/null', 'peer', keys, 'remove'],
      ['ip', 'link', 'set', 'mw2', 'down'],
    ])
      expect((await lab.exec(1, argv)).code, argv.join(' ')).toBe(0);
    await lab.untilLink(1, 2, 'down', 10);
    await lab.untilLink(1, 2, 'up', 30);
    await lab.untilAllUp();
  });
});

describe('a supervisor that is killed', () => {
  it.each([
    ['link@mw2', 'wireguard-go mw2'],
    ['bird', 'bird'],
  ])('is replaced by the applier: %s', async (service, engine) => {
    const flow = await startFlow(lab, 1, 2);
    const marks = await lab.mark();
    const supervisor = supervisorOf(1, service)!;
    killAll([supervisor]);
    await until('another supervisor is there', () => supervisorOf(1, service), { within: 15 });
    await holds('links stay up', () => lab.expectNo(['link_down'], marks), { lasting: 6, everyMs: 1000 });
    expect((await flow.stop()).lost).toBe(0);

    // The engine that lost its supervisor still has one that restarts it.
    const before = engines(1).get(engine)!;
    process.kill(before, 'SIGKILL');
    await until('the engine runs again', () => (engines(1).get(engine) ?? before) !== before, { within: 15 });
    await lab.untilAllUp();
    await lab.untilReachable();
  });
});

describe('an applier that hangs', () => {
  it('is told, and nothing that was seen before passes for the present', async () => {
    const applier = partOf(lab.processes(1), 'applier');
    killAll(applier, 'SIGSTOP');
    try {
      await eventually(
        'nobody says that the applier answers, or since when links are as they are',
        async () => {
          const status = await lab.mesh(1);
          expect(status.applier.connected).toBe(false);
          expect(status.links.map(({ state, since }) => [state, since])).toEqual([
            ['unknown', null],
            ['unknown', null],
          ]);
        },
        { within: 10 },
      );
    } finally {
      killAll(applier, 'SIGCONT');
    }
    await lab.untilAllUp();
    expect((await lab.mesh(1)).applier.connected).toBe(true);
  });
});

describe('an applier that dies in the middle of a change', () => {
  it('finishes it after its restart', async () => {
    const networks: string[] = [];
    for (const delay of [0, 10, 20, 40, 80, 160]) {
      const cidr = `10.67.${networks.length}.0/24`;
      const change = lab
        .api(1)
        .post('/routes', { cidr, advertise: true })
        .catch((error: Error) => error.message);
      await new Promise((resolve) => setTimeout(resolve, delay));
      lab.kill(1, 'applier');
      await change;
      networks.push(cidr);
      await eventually(
        'the applier is back',
        async () => expect((await lab.mesh(1)).applier.connected).toBe(true),
        { within: 15 },
      );
    }
    await eventually(
      'controller 3 carries every network',
      async () => {
        const { applier } = await lab.mesh(1);
        expect(applier).toMatchObject({ connected: true, last_error: null });
        expect((await lab.mesh(3)).members.find(({ id }) => id === 1)?.networks).toEqual(
          expect.arrayContaining(networks),
        );
      },
      { within: 30 },
    );
    await lab.untilAllUp();
    await lab.untilReachable();
  });

  it('does not keep half of a change of a link', async () => {
    for (const mtu of [1400, 1390, 1380]) {
      const change = lab
        .api(1)
        .put('/peering/peers/2', { overlay_mtu: mtu })
        .catch((error: Error) => error.message);
      lab.kill(1, 'applier');
      await change;
    }
    await eventually(
      'the last MTU is in force',
      async () => {
        const { stdout } = await lab.exec(1, ['ip', '-j', 'link', 'show', 'dev', 'mw2']);
        expect((JSON.parse(stdout) as { mtu: number }[])[0]?.mtu).toBe(1380 - 80);
      },
      { within: 30 },
    );
    await lab.untilAllUp();
  });
});
