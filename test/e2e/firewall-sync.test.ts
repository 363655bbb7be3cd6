import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { knock, startAnswering, stopAnswering } from '../support/knock.ts';
import { testLab } from '../support/lab.ts';
import { eventually, holds, until } from '../support/until.ts';

/*
 *   site 1 10.201.1.10 ---[ 1 ]=====================[ 2 ]--- site 2 10.201.2.10
 *                           |                         |
 *   this machine ===========+======= underlay ========+====   what is shared is on both, everything else on one
 */
const lab = testLab({ size: 2 });
const SITE1 = 'mwlab-s1';
const HOST1 = '10.201.1.10';
const HOST2 = '10.201.2.10';
const FIREWALL = '/v2/firewall';
/** What is changed on one controller is on the others within this many seconds. */
const SOON = 2;

interface Rule {
  readonly id: string;
  readonly rule: string;
  readonly rule_resolved: string;
  readonly groups: readonly string[];
  readonly errors?: readonly string[];
}
interface FwSet {
  readonly name: string;
  readonly entries: readonly { readonly entry: string; readonly entry_resolved: string }[];
}

const rules = (id: number) => lab.api(id).get<Rule[]>(`${FIREWALL}/rules`);
const texts = async (id: number) => (await rules(id)).map(({ rule }) => rule);
const resolved = async (id: number) => (await rules(id)).map(({ rule_resolved }) => rule_resolved);
const add = (id: number, rule: string, more: object = {}) =>
  lab.api(id).post<Rule>(`${FIREWALL}/rules`, { rule, ...more });
const setsOf = async (id: number) =>
  (await lab.api(id).get<FwSet[]>(`${FIREWALL}/fwsets`)).map(
    ({ name, entries }) => `${name}: ${entries.map(({ entry }) => entry).join(' ')}`,
  );
const variablesOf = async (id: number) => JSON.stringify(await lab.api(id).get('/system/variables'));
/** What site host 1 sees of a TCP port of site host 2. */
const web = (port = 9000) => knock(SITE1, 'tcp', HOST2, port);
/** A busy machine may answer late; what is dropped never answers. */
const opens = (port = 9000) =>
  eventually(`port ${port} answers`, async () => expect(await web(port)).toBe(`open ${HOST1}`), {
    within: 15,
  });
/** The name of a variable as it stands in a rule. */
const $ = (name: string) => `$\{${name}}`;

beforeAll(async () => {
  await lab.untilReachable();
  await startAnswering('mwlab-s2', 9000, 9001);
  await opens();
});

afterAll(stopAnswering);

describe('what is shared', () => {
  it('a set is on the other controller soon, with rules that use it', async () => {
    await add(2, 'INPUT -s 203.0.113.9 -j DROP');
    await lab.api(1).post(`${FIREWALL}/fwsets`, {
      name: 'blocked',
      type: 'net',
      entries: ['192.0.2.0/24'],
      sync_mesh: true,
    });
    await eventually(
      'the set arrived',
      async () => expect(await setsOf(2)).toEqual(['blocked: 192.0.2.0/24']),
      {
        within: SOON,
      },
    );
    await add(2, `FORWARD -s ${$('fwset_blocked')} -j DROP`);
    await opens();
    await lab.api(1).post(`${FIREWALL}/fwsets/blocked/entries`, { entry: HOST1 });
    await eventually('the other controller drops', async () => expect(await web()).toBe('silent'), {
      within: 10,
    });
    expect(await texts(1)).toEqual([]);
    expect((await texts(2)).length).toBe(2);
  });

  it('converges after a cut in which both sides changed it, to the later change, and tells so', async () => {
    await lab.cut(1);
    await eventually('they are apart', async () => expect(await lab.way(1, 2)).toBe('none'), { within: 15 });
    await lab.api(1).put(`${FIREWALL}/fwsets/blocked`, { entries: ['198.51.100.0/24'] });
    await lab.api(2).put(`${FIREWALL}/fwsets/blocked`, { entries: ['203.0.113.0/24'] });
    await lab.api(1).post('/system/variables', { name: 'dc', value: '10.9.0.0/16', sync_mesh: true });
    expect(await setsOf(1)).toEqual(['blocked: 198.51.100.0/24']);
    await lab.heal();
    await until('they see each other', async () => (await lab.way(1, 2)) === 'direct', { within: 40 });
    for (const id of [1, 2])
      await eventually(
        `controller ${id} has the later one`,
        async () => expect(await setsOf(id)).toEqual(['blocked: 203.0.113.0/24']),
        { within: SOON },
      );
    const { conflicts } = await lab.api(1).get<{ conflicts: object[] }>(`${FIREWALL}/status`);
    expect(conflicts).toMatchObject([{ name: 'blocked', winner: { by: 2 }, loser: { by: 1 } }]);
    await eventually(
      'the variable arrived',
      async () => expect(await variablesOf(2)).toContain('custom_dc'),
      { within: 10 },
    );
  });

  it('changes on both within two seconds after that as before, and ends the notice', async () => {
    for (const [from, to] of [
      [1, 2],
      [2, 1],
    ] as const) {
      const entry = `203.0.113.${from}`;
      await lab.api(from).post(`${FIREWALL}/fwsets/blocked/entries`, { entry });
      const wanted = `blocked: 203.0.113.0/24 ${entry}`;
      await eventually('it arrived', async () => expect(await setsOf(to)).toEqual([wanted]), {
        within: SOON,
      });
      await lab.api(to).delete(`${FIREWALL}/fwsets/blocked/entries`, { json: { entry } });
      await eventually(
        'so did the way back',
        async () => expect(await setsOf(from)).toEqual(['blocked: 203.0.113.0/24']),
        { within: SOON },
      );
    }
    const { conflicts } = await lab.api(1).get<{ conflicts: object[] }>(`${FIREWALL}/status`);
    expect(conflicts).toEqual([]);
  });

  it('leaves rules as they are: they differ, and stay different', async () => {
    const before = [await texts(1), await texts(2)];
    expect(before[0]).not.toEqual(before[1]);
    const mine = await add(1, 'FORWARD -s 198.51.100.1 -j DROP');
    await lab.api(1).put(`${FIREWALL}/fwsets/blocked`, { description: 'what comes after the rule' });
    await eventually(
      'the set has come over',
      async () =>
        expect(await lab.api(2).get(`${FIREWALL}/fwsets/blocked`)).toMatchObject({
          description: 'what comes after the rule',
        }),
      { within: SOON },
    );
    await holds(
      'each has its own',
      async () => {
        expect(await texts(1)).toEqual([...before[0]!, mine.rule]);
        expect(await texts(2)).toEqual(before[1]);
      },
      { lasting: 4 },
    );
    await lab.api(1).delete(`${FIREWALL}/rules/${mine.id}`);
  });

  it('and everything else survives restarts of controller, applier and machine', async () => {
    await add(1, 'FORWARD -p tcp --dport 9000 -j DROP', { comment: 'kept' });
    await add(1, 'FORWARD -s 2001:db8:1::/48 -j DROP');
    await lab.api(1).post(`${FIREWALL}/fwsets`, { name: 'six', type: 'net', entries: ['2001:db8:2::/48'] });
    await add(1, 'INPUT -m set --match-set six src -j DROP');
    const before = await rules(1);
    const kept = () =>
      eventually(
        'everything is back',
        async () => {
          expect((await rules(1)).map(({ id, rule }) => [id, rule])).toEqual(
            before.map(({ id, rule }) => [id, rule]),
          );
          expect(await setsOf(1)).toEqual(['blocked: 203.0.113.0/24', 'six: 2001:db8:2::/48']);
          expect((await lab.exec(1, ['ip6tables-nft-save'])).stdout).toContain('-s 2001:db8:1::/48');
          expect((await lab.exec(1, ['ipset', 'list', 'MWn6-six'])).stdout).toContain('2001:db8:2::/48');
          expect(await web()).toBe('silent');
          await opens(9001);
        },
        { within: 40 },
      );
    lab.kill(1, 'controller');
    await kept();
    lab.kill(1, 'applier');
    await kept();
    await lab.powerOff(1);
    await lab.powerOn(1);
    await kept();
    await lab.api(1).delete(`${FIREWALL}/fwsets/six?force=true`);
  });

  it('leaves the other side when sharing ends, and stays where it ended', async () => {
    await lab.untilAllUp();
    await lab.api(1).put(`${FIREWALL}/fwsets/blocked`, { sync_mesh: false });
    // It is in use on 2, so it stays there as its own; the variable is not, and goes.
    await lab.api(1).put('/system/variables/dc', { sync_mesh: false });
    await eventually(
      'the variable is gone on 2',
      async () => expect(await variablesOf(2)).not.toContain('custom_dc'),
      { within: 10 },
    );
    expect(await variablesOf(1)).toContain('custom_dc');
    expect([await setsOf(1), await setsOf(2)]).toEqual([
      ['blocked: 203.0.113.0/24'],
      ['blocked: 203.0.113.0/24'],
    ]);
    await eventually(
      'the set is its own on 2',
      async () => {
        const { sync_mesh } = await lab.api(2).get<{ sync_mesh: boolean }>(`${FIREWALL}/fwsets/blocked`);
        expect(sync_mesh).toBe(false);
      },
      { within: 10 },
    );
  });
});

describe('a shared group of rules', () => {
  const group = (id: number) =>
    lab.api(id).get<{ rules: string[]; sync_mesh?: boolean }>(`${FIREWALL}/rules-groups/baseline`);
  const guests = $('custom_guests');

  it('fits each controller by a variable that each has for itself', async () => {
    for (const id of [1, 2]) await lab.api(id).put(FIREWALL, { rules: [] });
    await lab.api(1).post('/system/variables', { name: 'guests', value: '198.51.100.0/24' });
    await lab.api(2).post('/system/variables', { name: 'guests', value: HOST1 });
    await add(2, 'INPUT -s 203.0.113.9 -j DROP');
    const made = await add(1, `FORWARD -s ${guests} -p tcp --dport 9000 -j DROP`, { comment: 'no guests' });
    await opens();
    await lab
      .api(1)
      .post(`${FIREWALL}/rules-groups`, { name: 'baseline', rule_ids: [made.id], sync_mesh: true });
    await eventually(
      'the rule came over, behind the own ones',
      async () => expect(await texts(2)).toEqual(['INPUT -s 203.0.113.9 -j DROP', made.rule]),
      { within: SOON },
    );
    expect(await resolved(1)).toEqual(['FORWARD -s 198.51.100.0/24 -p tcp --dport 9000 -j DROP']);
    expect((await resolved(2))[1]).toBe(`FORWARD -s ${HOST1} -p tcp --dport 9000 -j DROP`);
    expect((await rules(2))[1]).toMatchObject({ id: made.id, comment: 'no guests', groups: ['baseline'] });
    expect(await web()).toBe('silent');
    await opens(9001);
  });

  it('follows the variable of each, and never takes it along', async () => {
    await lab.api(2).put('/system/variables/guests', { value: '192.0.2.7' });
    await opens();
    expect(await variablesOf(1)).toContain('198.51.100.0/24');
    expect(await variablesOf(2)).not.toContain('198.51.100.0/24');
    await lab.api(1).put('/system/variables/guests', { value: HOST1 });
    expect(await web()).toBe('silent');
    expect((await resolved(2))[1]).toContain('192.0.2.7');
    await lab.api(1).put('/system/variables/guests', { value: '198.51.100.0/24' });
    await opens();
  });

  it('is changed on either side, and goes on the other when it is taken back', async () => {
    const [rule] = (await group(2)).rules;
    await lab
      .api(2)
      .put(`${FIREWALL}/rules/${rule}`, { rule: `FORWARD -s ${guests} -p tcp --dport 9001 -j DROP` });
    await eventually(
      'the change came over',
      async () => expect(await texts(1)).toEqual([`FORWARD -s ${guests} -p tcp --dport 9001 -j DROP`]),
      { within: SOON },
    );
    await lab.api(2).put(`${FIREWALL}/rules-groups/baseline`, { sync_mesh: false });
    await eventually('it is gone on 1', async () => expect(await texts(1)).toEqual([]), { within: SOON });
    expect(await texts(2)).toHaveLength(2);
    expect((await group(2)).sync_mesh).toBeFalsy();
  });
});
