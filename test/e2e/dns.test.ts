import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { controllerPlan } from '../../src/lab/plan.ts';
import type { DoctorCheck } from '../../src/observe/doctor.ts';
import { startFlow, stopFlows } from '../support/flow.ts';
import { testLab } from '../support/lab.ts';
import { eventually, holds, until } from '../support/until.ts';

/*
 *     [ 1 ] --- row 2: two.example.net ---> [ 2 ]   10.195.0.2, later 10.195.0.22 as well
 *        \\                                //
 *         \\--- row 3: 10.195.0.3 --- [ 3 ]         rows by address
 *
 *     Names come from the private hosts file of controller 1; there is no name server.
 */
const NAME = 'two.example.net';
const MOVED = '10.195.0.22';
const lab = testLab();
const hosts = `${controllerPlan(1).directory}/etc/hosts`;
let plain: string;

afterAll(stopFlows);

/** Written in place: the file is a mount in the machine. */
function resolveTo(address: string | null): void {
  writeFileSync(hosts, address === null ? plain : `${plain}${address} ${NAME}\n`);
}

beforeAll(async () => {
  plain = readFileSync(hosts, 'utf8');
  await lab.untilAllUp();
});

describe('a peer that is entered by its name', () => {
  it('says that the name does not resolve, until it does', async () => {
    await lab.api(1).put('/peering/peers/2', { name: NAME });
    const down = await lab.untilLink(1, 2, 'down', 15).catch(() => null);
    // The far side still knows our address and may keep the tunnel alive: then the name is only doctor's finding.
    if (down) expect(down.reasons[0]?.code).toBe('name_not_resolved');
    await eventually(
      'doctor names it',
      async () => {
        const checks = await lab.api(1).get<DoctorCheck[]>('/mesh/doctor', { timeoutMs: 30_000 });
        expect(checks.find(({ name }) => name === 'controller 2: name')).toMatchObject({
          state: 'fail',
          text: expect.stringContaining(`${NAME} does not resolve now`),
        });
      },
      { within: 15 },
    );
    resolveTo('10.195.0.2');
    await lab.untilLink(1, 2, 'up', 40);
    expect(await lab.link(1, 2)).toMatchObject({ address: NAME, endpoint: '10.195.0.2:1195' });
  });

  it('is followed to another address, and no other link notices', async () => {
    expect((await lab.exec(2, ['ip', 'address', 'add', `${MOVED}/24`, 'dev', 'eth0'])).code).toBe(0);
    const marks = await lab.mark();
    const flow = await startFlow(lab, 1, 2);
    resolveTo(MOVED);
    await eventually(
      'the link uses the new address',
      async () => expect((await lab.link(1, 2)).endpoint).toBe(`${MOVED}:1195`),
      { within: 30 },
    );
    await flow.untilFlowing();
    expect((await flow.stop()).longestGapMs).toBeLessThan(5000);
    await lab.untilAllUp();
    await lab.expectNo(['link_down'], new Map([[1, marks.get(1)!]]), [3]);
    await lab.expectNo(['link_down'], new Map([[2, marks.get(2)!]]), [3]);
    await lab.expectNo(['link_down'], new Map([[3, marks.get(3)!]]));
  });
});

describe('names that cannot be looked up any more', () => {
  it('keep their last answer', async () => {
    const marks = await lab.mark();
    resolveTo(null);
    await until(
      'the look-up fails',
      async () => {
        const checks = await lab.api(1).get<DoctorCheck[]>('/mesh/doctor', { timeoutMs: 30_000 });
        const found = checks.find(({ name }) => name === 'controller 2: name');
        return found?.state === 'warn' && found.text.includes(`its last answer ${MOVED} stays in use`);
      },
      { within: 20 },
    );
    await holds(
      'the link stays where it is',
      async () => {
        expect(await lab.link(1, 2)).toMatchObject({ state: 'up', endpoint: `${MOVED}:1195` });
      },
      { lasting: 12, everyMs: 2000 },
    );
    await lab.expectNo(['link_down'], marks);
  });

  it('keep it over a reboot as well', async () => {
    await lab.powerOff(1);
    await lab.powerOn(1);
    await lab.untilLink(1, 2, 'up', 40);
    expect(await lab.link(1, 2)).toMatchObject({ address: NAME, endpoint: `${MOVED}:1195` });
    await lab.untilAllUp();
    await lab.untilReachable();
  });
});
