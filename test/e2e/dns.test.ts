import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { controllerPlan } from '../../src/lab/plan.ts';
import type { DoctorCheck } from '../../src/observe/doctor-check.ts';
import { startFlow, stopFlows } from '../support/flow.ts';
import { testLab } from '../support/lab.ts';
import { eventually, holds } from '../support/until.ts';

/*
 *     [ 1 ] --- row 2: two.example.net ---> [ 2 ]  10.195.0.2
 *       |   X-- row 1: 10.195.0.223 ------- [   ]  nobody: 2 cannot find 1 by itself, the name decides
 *        \\                                //
 *         \\--- row 3: 10.195.0.3 --- [ 3 ]        rows by address
 *
 *     Names come from the private hosts file of controller 1; there is no name server.
 */
const NAME = 'two.example.net';
const ADDRESS = '10.195.0.2';
const NOBODY = '10.195.0.222';
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
  // In this order: 1 is silent when 2 makes its tunnel anew, so that it does not learn from a packet where 1 is.
  await lab.api(1).delete('/peering/peers/2');
  await lab.api(2).delete('/peering/peers/1');
  await lab.api(2).post('/peering/peers', { id: 1, name: '10.195.0.223' });
});

async function untilDoctorSays(state: DoctorCheck['state'], words: string): Promise<void> {
  await eventually(
    `doctor says: ${words}`,
    async () => {
      const checks = await lab.api(1).get<DoctorCheck[]>('/mesh/doctor', { timeoutMs: 30_000 });
      const found = checks.find(({ name }) => name === 'controller 2: name');
      expect(`${found?.state}: ${found?.text}`).toContain(`${state}: ${words}`);
    },
    { within: 20 },
  );
}

describe('a peer that is entered by its name', () => {
  it('has no link while the name does not resolve, and that is said', async () => {
    await lab.api(1).post('/peering/peers', { id: 2, name: NAME });
    const { reasons } = await lab.untilLink(1, 2, 'down', 15);
    expect(reasons.map(({ code }) => code)).toEqual(['name_not_resolved']);
    await untilDoctorSays('fail', `${NAME} does not resolve now`);
    await lab.untilReachable();
  });

  it('has no link while the name leads to nobody', async () => {
    resolveTo(NOBODY);
    await eventually(
      'the address is used',
      async () => expect(await lab.link(1, 2)).toMatchObject({ state: 'down', endpoint: `${NOBODY}:1195` }),
      { within: 30 },
    );
  });

  it('is followed to another address within half a minute, and no other link notices', async () => {
    const marks = await lab.mark();
    const flow = await startFlow(lab, 1, 3);
    resolveTo(ADDRESS);
    await lab.untilLink(1, 2, 'up', 30);
    expect(await lab.link(1, 2)).toMatchObject({ address: NAME, endpoint: `${ADDRESS}:1195` });
    await untilDoctorSays('ok', `${NAME} is ${ADDRESS}`);
    await flow.untilFlowing();
    expect((await flow.stop()).lost).toBe(0);
    await lab.untilAllUp();
    await lab.expectNo(['link_down', 'member_unreachable'], marks);
  });
});

describe('names that cannot be looked up any more', () => {
  it('keep their last answer', async () => {
    const marks = await lab.mark();
    resolveTo(null);
    await untilDoctorSays(
      'warn',
      `${NAME} does not resolve now (EAI_AGAIN); its last answer ${ADDRESS} stays in use`,
    );
    await holds(
      'the link stays where it is',
      async () => expect(await lab.link(1, 2)).toMatchObject({ state: 'up', endpoint: `${ADDRESS}:1195` }),
      { lasting: 12, everyMs: 2000 },
    );
    await lab.expectNo(['link_down'], marks);
  });

  it('keep it over a reboot as well', async () => {
    await lab.powerOff(1);
    await lab.powerOn(1);
    await lab.untilLink(1, 2, 'up', 40);
    expect(await lab.link(1, 2)).toMatchObject({ address: NAME, endpoint: `${ADDRESS}:1195` });
    await untilDoctorSays(
      'warn',
      `${NAME} does not resolve now (EAI_AGAIN); its last answer ${ADDRESS} stays in use`,
    );
    await lab.untilAllUp();
    await lab.untilReachable();
  });
});
