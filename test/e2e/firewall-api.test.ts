import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { controllerPlan } from '../../src/lab/plan.ts';
import { startFlow, stopFlows } from '../support/flow.ts';
import { type Knock, knock, startAnswering, stopAnswering } from '../support/knock.ts';
import { testLab } from '../support/lab.ts';
import { eventually, holds } from '../support/until.ts';

/*
 *   site 1 10.201.1.10 ---[ 1 ]=====================[ 2 ]--- site 2 10.201.2.10
 *                           |
 *   this machine ===========+==== underlay     rules are made through the API of 1 and met by packets of site 1
 */
const lab = testLab({ size: 2 });
const SITE1 = 'mwlab-s1';
const HOST1 = '10.201.1.10';
const HOST2 = '10.201.2.10';
const INSIDE = '10.201.1.1';
const V2 = '/v2/firewall';
const hosts = `${controllerPlan(1).directory}/etc/hosts`;

const api = () => lab.api(1);
const v1 = {
  rule: (rule: string, position?: number) => api().post('/firewall/rules', { rule, position }),
  overwrite: (...rules: string[]) => api().put('/firewall', { rules: rules.join('\n') }),
  set: (name: string, ...rules: string[]) =>
    api().post('/firewall/fwsets', { name, rules: rules.join('\n') }),
  subgroup: (name: string, rules: string, more: object = {}) =>
    api().post('/firewall/rules/subgroup', { name, rules, ...more }),
};
const v2 = (path: string, body: object) =>
  api().post<{ id: string; errors?: string[] }>(`${V2}/${path}`, body);
const rules = (...texts: string[]) => v2('rules', { rules: texts });

const through = (port = 9000) => knock(SITE1, 'tcp', HOST2, port);
const into = (port = 9000) => knock(SITE1, 'tcp', INSIDE, port);
/** A busy machine may answer late; what is dropped never answers. */
const becomes = (ask: () => Promise<Knock>, wanted: string) =>
  eventually(`the answer is ${wanted}`, async () => expect(await ask()).toBe(wanted), { within: 15 });
const OPEN = `open ${HOST1}`;

beforeAll(async () => {
  await lab.untilReachable();
  await startAnswering('mwlab-s2', 9000, 9001, 9002);
  await startAnswering('mwlab-c1', 9000, 9001);
  await startAnswering(SITE1, 9000);
  await becomes(through, OPEN);
});

// One that fails leaves nothing behind for the next.
afterEach(async () => {
  await api().put(V2, { rules: [] });
  for (const { name } of await api().get<{ name: string }[]>(`${V2}/subtables`))
    await api().delete(`${V2}/subtables/${name}?force=true`);
  const sets = await api().get<{ name: string; type: string }[]>(`${V2}/fwsets`);
  for (const { name } of sets.sort((a, b) => Number(b.type === 'list') - Number(a.type === 'list')))
    await api().delete(`${V2}/fwsets/${name}?force=true`);
});

afterAll(() => {
  stopFlows();
  stopAnswering();
});

describe('chains of firewall 1.0, with packets', () => {
  it('INPUT_CUST and OUTPUT_CUST are for the controller itself', async () => {
    await v1.rule(`INPUT_CUST -s ${HOST1} -p tcp --dport 9000 -j DROP`);
    await v1.rule('OUTPUT_CUST -p tcp --sport 9001 -j REJECT');
    expect(await Promise.all([into(9000), into(9001), through(9000)])).toEqual(['silent', 'silent', OPEN]);
  });

  it('FORWARD_CUST is for what passes, PREROUTING_CUST for where it goes', async () => {
    await v1.overwrite(
      '# the shop moved',
      `PREROUTING_CUST -p tcp -d ${HOST2} --dport 9000 -j DNAT --to ${HOST2}:9001`,
      'FORWARD_CUST -p tcp --dport 9002 -j REJECT --reject-with tcp-reset',
    );
    await becomes(through, OPEN);
    expect(await through(9002)).toBe('refused');
    await v1.rule('FORWARD_CUST -p tcp --dport 9001 -j DROP', 0);
    expect(await through(9000), 'it goes to 9001 now').toBe('silent');
    await api().delete('/firewall/rules/0');
    await becomes(through, OPEN);
  });

  it('POSTROUTING_CUST and MACRO_CUST are for where it seems to come from', async () => {
    await v1.rule('MACRO_CUST -o mw2 -s 10.201.1.0/24 -j MASQUERADE');
    const masked = await through();
    expect(masked).toMatch(/^open /);
    expect(masked).not.toBe(OPEN);
    await v1.overwrite('POSTROUTING_CUST -o mw2 -s 10.201.1.0/24 -j SNAT --to-source 100.127.255.253');
    await becomes(through, 'open 100.127.255.253');
    await v1.overwrite('POSTROUTING_CUST -o mw2 -j ACCEPT', 'MACRO_CUST -o mw2 -j MASQUERADE');
    await becomes(through, OPEN);
  });

  it('subgroups are reached by jumps, and change under them', async () => {
    await v1.subgroup('FWD_C_web', '-p tcp --dport 9000 -j DROP');
    await v1.subgroup('INP_C_web', '-p tcp --dport 9000 -j DROP');
    await becomes(through, OPEN);
    await v1.rule('FORWARD_CUST -p tcp -j FWD_C_web');
    await v1.rule('INPUT_CUST -p tcp -j INP_C_web');
    expect(await Promise.all([through(), into()])).toEqual(['silent', 'silent']);
    await v1.subgroup('FWD_C_web', `-s ${HOST1} -j RETURN`, { position: 0 });
    await becomes(through, OPEN);
    await v1.subgroup('FWD_C_web', '-p tcp --dport 9001 -j DROP', { flush: true });
    expect(await through(9001)).toBe('silent');
    await becomes(through, OPEN);
  });

  it('sets are named by their prefix, also as members of lists', async () => {
    await v1.set('NETS_site', '10.201.1.0/24');
    await v1.set('NETS_other', '198.51.100.0/24');
    await v1.set('PORTS_web', '9000', '9002');
    await v1.set('LIST_all', 'NETS_other', 'NETS_site');
    await v1.overwrite(
      'FORWARD_CUST -p tcp --dport 9001 -m set --match-set NETS_site src -j DROP',
      'FORWARD_CUST -p tcp -m set --match-set LIST_all src -m set --match-set PORTS_web dst -j DROP',
    );
    expect(await Promise.all([9000, 9001, 9002].map(through))).toEqual(['silent', 'silent', 'silent']);
    await api().delete('/firewall/fwsets', { json: { name: 'LIST_all', rules: 'NETS_site' } });
    await becomes(through, OPEN);
    expect(await through(9001)).toBe('silent');
    await v1.set('NETS_site', '198.51.100.0/24');
    await becomes(() => through(9001), OPEN);
  });
});

describe('firewall 2.0, with packets', () => {
  it('has subtables whose rules are switched off and on', async () => {
    const drop = { rule: 'web -p tcp --dport 9000 -j DROP', position: 0 };
    await v2('subtables', { name: 'web', type: 'FORWARD', rules: [drop] });
    await rules('FORWARD -p tcp -j web');
    expect(await through()).toBe('silent');
    const put = (disabled: boolean) => api().put(`${V2}/subtables/web`, { rules: [{ ...drop, disabled }] });
    await put(true);
    await becomes(through, OPEN);
    await put(false);
    expect(await through()).toBe('silent');
    await v2('subtables/web/rules', { rule: `web -s ${HOST1} -j ACCEPT`, position: 0 });
    await becomes(through, OPEN);
  });

  it('has sets of services, and lists of sets', async () => {
    await v2('fwsets', { name: 'shop', type: 'service', entries: [`${HOST2},tcp:9000`, `${HOST2},9002`] });
    await rules('FORWARD -d $' + '{fwset_shop} -j DROP');
    expect(await Promise.all([9000, 9001, 9002].map(through))).toEqual(['silent', OPEN, 'silent']);
    await api().put(V2, { rules: [] });
    await v2('fwsets', { name: 'site', type: 'net', entries: ['10.201.1.0/24'] });
    await v2('fwsets', { name: 'all', type: 'list', entries: ['site'] });
    await rules('FORWARD -m set --match-set all src -p tcp --dport 9000 -j DROP');
    expect(await through()).toBe('silent');
    await api().put(`${V2}/fwsets/site`, { entries: ['198.51.100.0/24'] });
    await becomes(through, OPEN);
  });

  it('follows a name in a set to another address, and keeps the last one when it is gone', async () => {
    const plain = readFileSync(hosts, 'utf8');
    // Written in place: the file is a mount in the machine.
    const resolveTo = (address: string | null) =>
      writeFileSync(hosts, address === null ? plain : `${plain}${address} guest.example.net\n`);
    const resolved = async () =>
      (await api().get<{ entries: { entry_resolved: string }[] }>(`${V2}/fwsets/guests`)).entries.map(
        ({ entry_resolved }) => entry_resolved,
      );
    try {
      resolveTo(HOST1);
      await v2('fwsets', { name: 'guests', type: 'net', entries: ['guest.example.net'] });
      await rules('FORWARD -m set --match-set guests src -p tcp --dport 9000 -j DROP');
      await becomes(through, 'silent');
      resolveTo('198.51.100.7');
      await eventually('the set follows', async () => expect(await resolved()).toEqual(['198.51.100.7']), {
        within: 30,
      });
      await becomes(through, OPEN);
      expect((await lab.events(1)).map(({ kind }) => kind)).toContain('fwset_dns_update');
      resolveTo(null);
      await holds('the last answer stays', async () => expect(await resolved()).toEqual(['198.51.100.7']), {
        lasting: 12,
        everyMs: 2000,
      });
    } finally {
      resolveTo(null);
    }
  });

  it.each(['/firewall/actions', `${V2}/actions`])(
    'forgets connections when asked to: PUT %s',
    async (path) => {
      const flow = await startFlow(lab, 1, 2);
      onTestFinished(() => flow.kill());
      onTestFinished(async () => void (await api().put(V2, { rules: [] })));
      // To a controller that has forgotten the flow its next packet is the first one, and that
      // may be an answer on its way back (8 of 300 resets): a rule for each direction.
      await rules(
        'FORWARD -p udp --dport 20102 -m conntrack --ctstate NEW -j DROP',
        'FORWARD -p udp --sport 20102 -m conntrack --ctstate NEW -j DROP',
      );
      await flow.untilFlowing();
      await api().put(path, { action: 'reset_connection_tracking' });
      await eventually(
        'the flow is cut',
        async () => {
          const { answered } = flow.figures;
          await expect(flow.untilFlowing(0.5)).rejects.toThrow();
          expect(flow.figures.answered).toBeLessThanOrEqual(answered + 1);
        },
        { within: 10 },
      );
      await api().put(V2, { rules: [] });
      await flow.untilFlowing();
    },
  );

  it('says in a dry run which live flow a change would cut, and lets it go on', async () => {
    const flow = await startFlow(lab, 2, 1);
    const ask = (rule: string) =>
      api().post<{ dry_run: boolean; changes: string[]; cut: string[] }>(`${V2}/rules?dry_run=true`, {
        rule,
      });
    const report = await ask('FORWARD -p udp --dport 20201 -j DROP');
    expect(report).toMatchObject({ dry_run: true, changes: ['+ FORWARD -p udp --dport 20201 -j DROP'] });
    expect(report.cut).toEqual([expect.stringMatching(/^udp 10\.201\.2\.10:\d+ -> 10\.201\.1\.10:20201$/)]);
    expect((await ask('FORWARD -p udp --dport 20202 -j DROP')).cut).toEqual([]);
    await flow.untilFlowing();
    flow.kill();
    expect(await api().get(`${V2}/rules`)).toEqual([]);
  });
});
