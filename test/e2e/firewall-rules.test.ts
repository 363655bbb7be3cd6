import { afterAll, afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { RefusedError, UnreachableError } from '../../src/cli/cli-error.ts';
import type { LogLine } from '../../src/firewall/log-stream.ts';
import type { MeshStatus } from '../../src/observe/mesh-status.ts';
import { callFrom } from '../support/call-from.ts';
import { EventStream } from '../support/event-stream.ts';
import { startFlow, stopFlows } from '../support/flow.ts';
import { knock, startAnswering, stopAnswering } from '../support/knock.ts';
import { testLab } from '../support/lab.ts';
import { eventually, holds, until } from '../support/until.ts';

/*
 *   site 1 10.201.1.10 ---[ 1 ]=====================[ 2 ]--- site 2 10.201.2.10
 *                           |                         |
 *   this machine ===========+======= underlay ========+====   each with rules of its own, set through its API
 */
const lab = testLab({ size: 2 });
const SITE1 = 'mwlab-s1';
const HOST1 = '10.201.1.10';
const HOST2 = '10.201.2.10';
const FIREWALL = '/v2/firewall';

interface Rule {
  readonly id: string;
  readonly rule: string;
  readonly rule_resolved: string;
  readonly position: number;
}
const rules = (id: number) => lab.api(id).get<Rule[]>(`${FIREWALL}/rules`);
const texts = async (id: number) => (await rules(id)).map(({ rule }) => rule);
const v1 = (id: number) => lab.api(id).get<[string, number][]>('/firewall/rules');
const add = (id: number, rule: string, more: object = {}, query = '') =>
  lab.api(id).post<Rule>(`${FIREWALL}/rules${query}`, { rule, ...more });
const clear = (id: number) => lab.api(id).put(FIREWALL, { rules: [] });
/** What site host 1 sees of a TCP port of site host 2. */
const web = (port = 9000) => knock(SITE1, 'tcp', HOST2, port);
/** A busy machine may answer late; what is dropped never answers. */
const opens = (port = 9000) =>
  eventually(`port ${port} answers`, async () => expect(await web(port)).toBe(`open ${HOST1}`), {
    within: 15,
  });
const refusal = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RefusedError);
  return error as RefusedError;
};

afterAll(() => {
  stopFlows();
  stopAnswering();
});

describe('rules made through the API', () => {
  // One that fails leaves nothing behind for the next.
  afterEach(async () => {
    await lab
      .api(1)
      .post(`${FIREWALL}/cancel`)
      .catch(() => undefined);
    await lab.api(1).put(`${FIREWALL}/tests`, { tests: [] });
    await clear(1);
    await clear(2);
  });

  it('meet packets at once, and only on their own controller', async () => {
    await lab.untilReachable();
    await startAnswering('mwlab-s2', 9000, 9001);
    await opens();
    await add(1, `FORWARD -s ${HOST1} -p tcp --dport 9000 -j DROP`);
    expect(await web()).toBe('silent');
    await opens(9001);
    await add(2, 'FORWARD -p tcp --dport 9001 -j REJECT --reject-with tcp-reset');
    expect(await web(9001)).toBe('refused');
    expect([(await texts(1)).length, (await texts(2)).length]).toEqual([1, 1]);
    expect(await texts(1)).not.toEqual(await texts(2));
    await lab.api(1).delete(`/firewall/rules/0`);
    await opens();
    await clear(2);
    await opens(9001);
  });

  it('in the words of 1.0: inserted in front, deleted by text', async () => {
    const accept = `FORWARD_CUST -s ${HOST1} -p tcp --dport 9000 -j ACCEPT`;
    await lab.api(1).post('/firewall/rules', { rule: 'FORWARD_CUST -p tcp --dport 9000 -j DROP' });
    expect(await web()).toBe('silent');
    await lab.api(1).post('/firewall/rules', { rule: accept, position: 0 });
    await opens();
    expect((await v1(1)).map(([text, at]) => [text === accept, at])).toEqual([
      [true, 0],
      [false, 1],
    ]);
    await lab.api(1).delete('/firewall/rules', { json: { id: '0', rule: accept } });
    expect(await web()).toBe('silent');
    await lab.api(1).put('/firewall', { rules: 'MACRO_CUST -o mw2 -s 10.201.1.0/24 -j MASQUERADE' });
    const masked = await web();
    expect(masked).toMatch(/^open /);
    expect(masked).not.toBe(`open ${HOST1}`);
    await lab.api(1).put('/firewall', { rules: '' });
    await opens();
  });

  it('with variables and sets follow them, and a bad one among good ones changes nothing', async () => {
    await lab.api(1).post('/system/variables', { name: 'guest', value: '192.0.2.1' });
    await lab.api(1).post(`${FIREWALL}/fwsets`, { name: 'ports', type: 'port', entries: ['9001'] });
    await add(1, 'FORWARD -s $' + '{guest} -p tcp --dport $' + '{fwset_ports} -j DROP');
    await opens();
    await lab.api(1).put('/system/variables/guest', { value: HOST1 });
    await opens(9000);
    expect(await web(9001)).toBe('silent');
    await lab.api(1).post(`${FIREWALL}/fwsets/ports/entries`, { entry: '9000' });
    expect(await web(9000)).toBe('silent');
    const before = await texts(1);
    const { message } = await refusal(
      lab.api(1).post(`${FIREWALL}/rules`, {
        rules: ['FORWARD -j ACCEPT', 'FORWARD -p tcp --dport 99999 -j ACCEPT'],
      }),
    );
    expect(message).toContain('99999');
    expect(await texts(1)).toEqual(before);
    expect((await refusal(lab.api(1).delete('/system/variables/guest'))).message).toContain(before[0]!);
    await clear(1);
    await lab.api(1).delete('/system/variables/guest');
    await lab.api(1).delete(`${FIREWALL}/fwsets/ports`);
  });

  it('count what they meet, and a dry run names the flow that it would cut', async () => {
    const rule = await add(1, 'FORWARD -p tcp --dport 9000 -j ACCEPT');
    await opens();
    await eventually(
      'the rule has met packets',
      async () => {
        const counters = await lab.api(1).get<{ id: string; packets: number }[]>(`${FIREWALL}/counters`);
        expect(counters.find(({ id }) => id === rule.id)?.packets ?? 0).toBeGreaterThan(0);
      },
      { within: 5 },
    );
    const report = await lab.api(1).post<{ changes: string[] }>(`${FIREWALL}/rules?dry_run=true`, {
      rule: 'FORWARD -j DROP',
      position: 0,
    });
    expect(report.changes).toEqual(['+ FORWARD -j DROP']);
    await opens();
    await clear(1);
  });

  it('are vetoed by a rule test that fails with real packets', async () => {
    const test = {
      name: 'web stays open',
      from: HOST1,
      to: HOST2,
      protocol: 'tcp',
      port: 9000,
      expect: 'pass',
    };
    await lab.api(1).put(`${FIREWALL}/tests`, { tests: [test] });
    const { message } = await refusal(add(1, 'FORWARD -p tcp --dport 9000 -j DROP'));
    expect(message).toContain('web stays open');
    await opens();
    await add(1, 'FORWARD -p tcp --dport 9001 -j DROP');
  });

  it('that nobody confirms undo themselves', async () => {
    await add(1, 'FORWARD -p tcp --dport 9000 -j DROP', {}, '?confirm=5');
    expect(await web()).toBe('silent');
    await eventually('the change is undone', async () => expect(await texts(1)).toEqual([]), { within: 15 });
    await eventually('packets pass again', async () => expect(await web()).toBe(`open ${HOST1}`), {
      within: 5,
    });
    await add(1, 'FORWARD -p tcp --dport 9000 -j DROP', {}, '?confirm=60');
    await lab.api(1).post(`${FIREWALL}/confirm`);
    await holds('the confirmed change stays', async () => expect(await web()).toBe('silent'), { lasting: 2 });
    await clear(1);
  });
});

describe('packets that meet a rule with the target LOG', () => {
  const followed = async () => {
    const stream = await EventStream.open<LogLine>(lab, 1, `${FIREWALL}/log/stream`);
    onTestFinished(() => stream.close());
    return stream;
  };
  const portsOf = ({ events }: EventStream<LogLine>) => new Set(events.map(({ data }) => data.toPort));
  /** The log begins to be read some time after the rule is in force, so packets are sent until one was told. */
  const untilTold = (stream: EventStream<LogLine>, rule: string) =>
    until(
      'a packet is told',
      async () => {
        await web(9000);
        return stream.events.find(({ data }) => data.rule === rule);
      },
      { within: 30 },
    );

  afterEach(() => clear(1));

  it('are told as they come, and nothing else is; later readers begin with the latest', async () => {
    const stream = await followed();
    const { id } = await add(1, `FORWARD -s ${HOST1} -p tcp --dport 9000 -j LOG`);
    const told = await untilTold(stream, id);
    expect(told).toMatchObject({
      event: 'packet',
      data: {
        rule: id,
        protocol: 'tcp',
        from: HOST1,
        to: HOST2,
        toPort: 9000,
        in: 'site0',
        out: 'mw2',
        at: expect.any(Number),
      },
    });
    await opens(9000);
    await opens(9001);
    const before = stream.events.length;
    await web(9000);
    await until('the next packet is told', () => stream.events.length > before, { within: 10 });
    expect(portsOf(stream)).toEqual(new Set([9000]));
    const later = await followed();
    await until('the past is told', () => later.events.length > 0, { within: 10 });
    expect(later.events[0]).toEqual(stream.events[0]);
    expect((await lab.api(1).get<LogLine[]>(`${FIREWALL}/log`))[0]).toEqual(stream.events[0]?.data);
  });
});

/*
 *   this machine ---- underlay ---- [ 1 ] sealed ======== [ 2 ] ---- site host 2
 *        closed                       100.127.255.253:8000  <------- open
 */
describe('sealing through the API', () => {
  const OVERLAY = 'https://100.127.255.253:8000/api';
  const overOverlay = (path: string, method?: 'PUT' | 'POST', body?: object) =>
    callFrom('mwlab-s2', `${OVERLAY}${path}`, {
      password: lab.state.controllers[0]!.password!,
      ...(method && { method }),
      ...(body && { body }),
    });
  /** From this machine, which is a stranger on the underlay. */
  const overUnderlay = () =>
    lab
      .api(1)
      .get('/config', { timeoutMs: 3000 })
      .then(
        () => 'open',
        (error: unknown) => (error instanceof UnreachableError ? 'closed' : String(error)),
      );
  const seal = (confirm: number) =>
    lab.api(1).put<{ sealed: boolean }>(`${FIREWALL}/settings?confirm=${confirm}`, { sealed: true });
  const onMachine = <T>(path: string) => lab.local(1).get<T>(path);
  const status = () => onMachine<{ sealed: boolean; pending: object | null }>(`${FIREWALL}/status`);
  const linkUp = async () => {
    const { links } = await onMachine<MeshStatus>('/mesh');
    expect(links.map(({ peer, state }) => [peer, state])).toEqual([[2, 'up']]);
  };

  // Over the machine's own socket, which no rule closes.
  afterEach(async () => {
    const local = lab.local(1);
    await local.post(`${FIREWALL}/cancel`).catch(() => undefined);
    await local.put(`${FIREWALL}/settings`, { sealed: false });
  });

  it('leaves management to the overlay, keeps tunnels up, and is undone over the overlay', async () => {
    const flow = await startFlow(lab, 1, 2);
    await eventually('the API answers', async () => expect(await overUnderlay()).toBe('open'), {
      within: 20,
    });
    expect((await seal(120)).sealed).toBe(true);
    expect(await overUnderlay()).toBe('closed');
    await eventually(
      'the API answers over the overlay',
      async () => expect(await overOverlay(`${FIREWALL}/status`)).toMatchObject({ status: 200 }),
      { within: 20 },
    );
    expect((await overOverlay(`${FIREWALL}/confirm`, 'POST')).status).toBe(200);
    expect(await status()).toMatchObject({ sealed: true, pending: null });
    // What was open before the seal may go on; from here on nothing is.
    await lab.local(1).put(`${FIREWALL}/actions`, { action: 'reset_connection_tracking' });
    await holds('the link is up', linkUp, { lasting: 3 });
    await flow.untilFlowing();
    await opens(9000);
    expect(await overUnderlay()).toBe('closed');
    expect(await lab.api(2).get('/config')).toBeTruthy();
    expect((await overOverlay(`${FIREWALL}/settings`, 'PUT', { sealed: false })).status).toBe(200);
    await eventually(
      'the API answers over the underlay',
      async () => expect(await overUnderlay()).toBe('open'),
      {
        within: 20,
      },
    );
    await flow.untilFlowing();
    await flow.stop();
  });

  it('opens by itself when nobody confirms', async () => {
    const after = (await lab.events(1)).at(-1)?.seq ?? 0;
    await seal(15);
    expect(await overUnderlay()).toBe('closed');
    expect(await status()).toMatchObject({ sealed: true, pending: expect.anything() });
    await eventually('it is open again', async () => expect(await overUnderlay()).toBe('open'), {
      within: 60,
    });
    await eventually(
      'nothing waits any more',
      async () => expect(await status()).toMatchObject({ sealed: false, pending: null }),
      { within: 10 },
    );
    const kinds = (await lab.events(1, after)).map(({ kind }) => kind);
    expect(kinds).toContain('firewall_reverted');
    await eventually('the link is up', linkUp, { within: 20 });
  });
});
