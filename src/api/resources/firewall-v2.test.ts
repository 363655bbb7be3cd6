import type { FastifyInstance } from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { buildServer } from '../server.ts';
import { BASIC, testContext } from '../test-context.ts';

let app: FastifyInstance;
let context: Awaited<ReturnType<typeof testContext>>;
beforeEach(async () => {
  context = await testContext();
  ({ app } = await buildServer(context.ctx));
  return () => app.close();
});

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
async function call(method: Method, url: string, body?: unknown) {
  const reply = await app.inject({
    method,
    url: `/api${url}`,
    headers: { authorization: BASIC, 'content-type': 'application/json' },
    ...(body !== undefined && { payload: JSON.stringify(body) }),
  });
  const type = String(reply.headers['content-type']);
  return {
    status: reply.statusCode,
    body: (type.startsWith('application/json') ? reply.json() : null) as Any,
    text: reply.body,
    type,
  };
}
const V2 = '/v2/firewall';
/** A variable as it stands in a rule. */
const v = (name: string) => `\${${name}}`;
const rules = async (query = '') => (await call('GET', `${V2}/rules${query}`)).body.response as Any[];
const texts = async () => (await rules()).map(({ rule }) => rule as string);
const KEYS =
  'id rule rule_resolved table position comment last_resolved disabled created_at groups os_rules'.split(' ');
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
type Any = any;
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const A = 'INPUT -s 10.0.0.1 -j DROP';
const B = 'FORWARD -p tcp --dport 80 -j ACCEPT';
const C = 'POSTROUTING -o eth0 -j MASQUERADE';

describe('rules', () => {
  it('one: exactly the keys that strict clients know, and what was sent comes back unchanged', async () => {
    const { status, body } = await call('POST', `${V2}/rules`, {
      rule: B,
      position: 0,
      comment: 'web',
      disabled: false,
    });
    expect(status).toBe(201);
    expect(Object.keys(body.response)).toEqual(KEYS);
    expect(body.response).toMatchObject({
      rule: B,
      position: 0,
      comment: 'web',
      disabled: false,
      groups: [],
    });
    expect(body.response.id).toMatch(/^[0-9a-f]{8,32}$/);
    expect(body.response.created_at).toMatch(RFC3339);
    expect(body.response.table).toBe('FORWARD');
    expect(body.response.os_rules).toEqual([
      { rule: B, position: 0, table: 'FORWARD', rule_type: 'filter', size: 1, end_position: 0 },
    ]);
    expect(await rules()).toEqual([body.response]);
  });

  it('many: rules and errors, in a row', async () => {
    await call('POST', `${V2}/rules`, { rule: A });
    const { status, body } = await call('POST', `${V2}/rules`, {
      rules: [B, { rule: C, comment: 'nat', disabled: true }],
      position: 0,
    });
    expect([status, Object.keys(body.response), body.response.errors]).toEqual([
      201,
      ['rules', 'errors'],
      [],
    ]);
    expect(await texts()).toEqual([B, C, A]);
    expect((await rules('?state=disabled')).map(({ rule }) => rule)).toEqual([C]);
    expect((await rules('?state=active&tables=INPUT_CUST')).map(({ rule }) => rule)).toEqual([A]);
    expect((await rules('?osview=True')).map(({ rule }) => rule)).toEqual([B, A]);
  });

  it('a bad one among good ones changes nothing', async () => {
    const { status, body } = await call('POST', `${V2}/rules`, { rules: [A, 'INPUT -j', B] });
    expect([status, body.error.name, Object.keys(body)]).toEqual([400, 'APIBadRequestError', ['error']]);
    expect(body.error.message).toContain('"-j"');
    expect(await rules()).toEqual([]);
    expect(context.seen.firewallApplied).toBe(0);
    expect((await call('POST', `${V2}/rules`, {})).body.error).toMatchObject({
      name: 'APIBadRequestError',
      message: 'rule is missing',
    });
  });

  it.each([
    'INPUT -j DROP; reboot',
    'INPUT -m comment --comment $(reboot) -j DROP -A INPUT',
    'INPUT -A FORWARD -j DROP',
    'OTHER -j DROP',
    'INPUT -j NFQUEUE',
    'INPUT -m set --match-set not_mine src -j DROP',
    'INPUT -m bpf --object-pinned /etc/passwd -j DROP',
    `INPUT -s ${v('nobody')} -j DROP`,
    'INPUT -j DROP\nCOMMIT',
    '*filter',
    ':INPUT ACCEPT',
    '-t nat -A POSTROUTING -j MASQUERADE',
    'INPUT -s --help -j DROP',
  ])('refuses %j', async (rule) => {
    expect((await call('POST', `${V2}/rules`, { rule })).status).toBe(400);
    expect(await rules()).toEqual([]);
  });

  it('are changed, moved, disabled and deleted by id', async () => {
    await call('POST', `${V2}/rules`, { rules: [A, B, C] });
    const [a, b] = await rules();
    const moved = await call('PUT', `${V2}/rules/${b.id}`, { position: 0, comment: 'first' });
    expect(moved.body.response).toMatchObject({ id: b.id, position: 0, comment: 'first', rule: B });
    expect(await texts()).toEqual([B, A, C]);
    const off = await call('PUT', `${V2}/rules/${a.id}`, { disabled: 'True' });
    expect(off.body.response).toMatchObject({ disabled: true, os_rules: [] });
    const gone = await call('DELETE', `${V2}/rules/${a.id}`, {});
    expect(gone.body.response).toMatchObject({ id: a.id, rule: A, disabled: true });
    const missing = await call('DELETE', `${V2}/rules/${a.id}`);
    expect([missing.status, missing.body.error.name]).toEqual([404, 'APINotFoundError']);
    expect(missing.body.error.message).toMatch(/rule does not exist/);
  });

  it.each(['/rules', ''])('are overwritten by PUT %s; ids keep groups', async (path) => {
    await call('POST', `${V2}/rules-groups`, { name: 'web' });
    await call('POST', `${V2}/rules`, { rules: [A, { rule: B, groups: ['web'] }] });
    const [, b] = await rules();
    const { status, body } = await call('PUT', `${V2}${path}`, {
      rules: [{ rule: C }, { rule: 'FORWARD -p tcp --dport 8080 -j ACCEPT', id: b.id }],
    });
    expect([status, body.response.errors]).toEqual([200, []]);
    expect(body.response.rules[1]).toMatchObject({ id: b.id, groups: ['web'], created_at: b.created_at });
    expect(await texts()).toEqual([C, 'FORWARD -p tcp --dport 8080 -j ACCEPT']);
  });

  it('go out and come back as text and as JSON', async () => {
    await call('POST', `${V2}/rules`, {
      rules: [{ rule: A, comment: 'the "bad" one' }, B, { rule: C, disabled: true }],
    });
    const plain = await call('GET', `${V2}/rules/export?type=plaintext`);
    expect(plain.type).toBe('text/plain');
    expect(plain.text).toBe(`# the "bad" one\n${A}\n${B}\n`);
    const json = await call('GET', `${V2}/rules/export?type=json`);
    const before = await texts();
    await call('PUT', V2, { rules: [] });
    await call('PUT', `${V2}/rules/import`, {
      rules: JSON.stringify(json.body).replace('{"response":', '').slice(0, -1),
    });
    expect(await texts()).toEqual(before);
    expect((await rules())[0].comment).toBe('the "bad" one');
    expect((await rules())[2].disabled).toBe(true);
    const imported = await call('PUT', `${V2}/rules/import`, {
      rules: plain.text,
      position: 0,
      disabled: true,
    });
    expect(imported.body.response.rules).toHaveLength(2);
    expect((await rules()).map(({ disabled }) => disabled)).toEqual([true, true, false, false, true]);
    expect((await call('PUT', `${V2}/rules/import`, { rules: '[{"x":1}]' })).status).toBe(400);
  });

  it('keep the order that clients give them in parallel', async () => {
    const order = [3, 0, 4, 1, 2];
    await Promise.all(
      order.map((at) => call('POST', `${V2}/rules`, { rule: `INPUT -s 10.0.0.${at} -j DROP`, position: at })),
    );
    expect(await texts()).toEqual([0, 1, 2, 3, 4].map((at) => `INPUT -s 10.0.0.${at} -j DROP`));
  });
});

describe.each(['rules-groups', 'rule-groups'])('%s', (path) => {
  it('hold rules by id', async () => {
    await call('POST', `${V2}/rules`, { rules: [A, B] });
    const [a, b] = await rules();
    const made = await call('POST', `${V2}/${path}`, { name: 'web', rule_ids: [b.id], description: 'x' });
    expect([made.status, made.body.response]).toEqual([
      201,
      { name: 'web', description: 'x', rules: [b.id], size: 1 },
    ]);
    const twice = await call('POST', `${V2}/${path}`, { name: 'WEB' });
    expect([twice.status, twice.body.error.message]).toEqual([400, 'Group with name WEB already exists']);
    const grown = await call('POST', `${V2}/${path}/web/rules`, { rule_id: a.id });
    expect(grown.body.response.rules).toEqual([a.id, b.id]);
    await call('PUT', `${V2}/${path}/web`, { name: 'www', rule_ids: [a.id] });
    expect((await rules('?groups=www')).map(({ id }) => id)).toEqual([a.id]);
    expect((await call('GET', `${V2}/rules/export?group=www&type=plaintext`)).text).toBe(`${A}\n`);
    expect((await call('GET', `${V2}/${path}`)).body.response).toHaveLength(1);
    expect((await call('DELETE', `${V2}/${path}/www?force=true`)).status).toBe(202);
    const gone = await call('GET', `${V2}/${path}/www`);
    expect([gone.status, gone.body.error.message]).toEqual([404, 'group does not exist: www']);
    expect(await texts()).toEqual([A, B]);
  });
});

describe('sets', () => {
  it('have entries with comments, in their order, with time stamps', async () => {
    const made = await call('POST', `${V2}/fwsets`, {
      name: 'office',
      type: 'net',
      entries: ['10.2.0.0/16', { entry: '10.1.0.1', comment: 'printer' }],
    });
    expect([made.status, made.body.response.errors]).toEqual([201, []]);
    const set = (await call('GET', `${V2}/fwsets/Office`)).body.response;
    expect(set).toMatchObject({ name: 'office', type: 'net', size: 2, description: '', sync_mesh: false });
    expect(set.created_at).toMatch(RFC3339);
    expect(set.entries.map(({ entry, comment }: Any) => [entry, comment])).toEqual([
      ['10.2.0.0/16', ''],
      ['10.1.0.1', 'printer'],
    ]);
    for (const entry of set.entries) {
      expect(entry.created_at).toMatch(RFC3339);
      expect(entry.last_resolved).toMatch(RFC3339);
    }
    await call('POST', `${V2}/fwsets/office/entries`, { entry: '10.3.0.0/16', comment: 'new' });
    await call('DELETE', `${V2}/fwsets/office/entries`, { entry: '10.2.0.0/16' });
    expect((await call('GET', `${V2}/fwsets/office`)).body.response.size).toBe(2);
    const csv = await call('PUT', `${V2}/fwsets/office`, { entries: '10.9.0.0/16,10.1.0.1' });
    expect(csv.body.response.entries[1].created_at).toBe(set.entries[1].created_at);
    expect((await call('POST', `${V2}/fwsets`, { name: 'OFFICE', type: 'net' })).status).toBe(400);
    expect((await call('GET', `${V2}/fwsets/none`)).body.error.message).toBe('Fwset does not exist: none');
  });

  it.each([
    ['net', '10.0.0.1/8', /did you mean 10.0.0.0\/8/],
    ['net', '10.0.0.300', /not/],
    ['port', '70000', /port/],
    ['service', '10.0.0.1:80', /10.0.0.1,tcp:443/],
    ['list', 'nobody', /nobody/],
    ['bogus', '1', /must be one of|type/],
  ])('of type %s refuse %s', async (type, entry, message) => {
    const { status, body } = await call('POST', `${V2}/fwsets`, { name: 'x', type, entries: [entry] });
    expect([status, body.error.name]).toEqual([400, 'APIBadRequestError']);
    expect(body.error.message).toMatch(message);
  });

  it('stand where an address stands, and cannot go while a rule uses them', async () => {
    await call('POST', `${V2}/fwsets`, { name: 'office', type: 'net', entries: '10.0.0.0/8' });
    await call('POST', `${V2}/fwsets`, { name: 'svc', type: 'service', entries: ['3.3.3.3,80'] });
    const rule = `INPUT -s ${v('fwset_office')} -j ACCEPT`;
    const { body } = await call('POST', `${V2}/rules`, { rule });
    expect(body.response).toMatchObject({
      rule,
      rule_resolved: 'INPUT -m set --match-set office src -j ACCEPT',
    });
    expect(
      (await call('POST', `${V2}/rules`, { rule: 'FORWARD -d svc -j ACCEPT' })).body.response.rule_resolved,
    ).toBe('FORWARD -m set --match-set svc dst,dst -j ACCEPT');
    const kept = await call('DELETE', `${V2}/fwsets/office`);
    expect([kept.status, kept.body.error.message]).toEqual([400, expect.stringContaining(rule)]);
    const forced = await call('DELETE', `${V2}/fwsets/office?force=true`);
    expect(forced.status).toBe(202);
    expect((await rules())[0]).toMatchObject({
      disabled: true,
      errors: [expect.stringContaining('fwset_office')],
    });
    expect((await rules('?state=active')).map(({ rule: text }) => text)).toEqual([
      'FORWARD -d svc -j ACCEPT',
    ]);
  });
});

describe('subtables', () => {
  it('have rules that begin with their name', async () => {
    const foreign = await call('POST', `${V2}/subtables`, {
      name: 'web',
      type: 'FORWARD',
      rules: [{ rule: 'FORWARD -j DROP', position: 0 }],
    });
    expect([foreign.status, foreign.body.error.message]).toEqual([
      400,
      expect.stringMatching(/must start with name of subtable/),
    ]);
    const made = await call('POST', `${V2}/subtables`, {
      name: 'web',
      type: 'FORWARD',
      rules: [
        { rule: 'web -j DROP', position: 1 },
        { rule: 'web -s 10.0.0.0/8 -j ACCEPT', position: 0, comment: 'in' },
      ],
    });
    expect(made.status, made.text).toBe(201);
    expect(made.body.response).toMatchObject({ name: 'web', type: 'FORWARD', size: 2 });
    expect(made.body.response.rules.map(({ rule, position }: Any) => [rule, position])).toEqual([
      ['web -s 10.0.0.0/8 -j ACCEPT', 0],
      ['web -j DROP', 1],
    ]);
    const more = await call('POST', `${V2}/subtables/web/rules`, {
      rule: 'web -p udp -j ACCEPT',
      position: 0,
    });
    expect(more.body.response.size).toBe(3);
    const less = await call('DELETE', `${V2}/subtables/web/rules/${more.body.response.rules[0].id}`);
    expect([less.status, less.body.response.size]).toEqual([202, 2]);
    await call('POST', `${V2}/rules`, { rule: `FORWARD -p tcp -j ${v('subtable_web')}` });
    expect((await call('DELETE', `${V2}/subtables/web`)).status).toBe(400);
    expect((await call('DELETE', `${V2}/subtables/web?force=True`)).status).toBe(202);
    expect((await call('GET', `${V2}/subtables/web`)).status).toBe(404);
    expect((await rules())[0].disabled).toBe(true);
  });

  it('keep the rules whose text stays, under a new name too', async () => {
    const made = await call('POST', `${V2}/subtables`, {
      name: 'web',
      type: 'FORWARD',
      rules: [{ rule: 'web -s 10.0.0.0/8 -j ACCEPT' }, { rule: 'web -j DROP', disabled: true }],
    });
    const ids = made.body.response.rules.map(({ id }: Any) => id);
    const changed = await call('PUT', `${V2}/subtables/web`, {
      name: 'shop',
      rules: [
        { rule: 'shop -p udp -j ACCEPT', position: 0 },
        { rule: 'shop -s 10.0.0.0/8 -j ACCEPT', position: 1, comment: 'in' },
        { rule: 'shop -j DROP', position: 2 },
      ],
    });
    expect(changed.status, changed.text).toBe(200);
    const [fresh, ...kept] = changed.body.response.rules;
    expect(ids).not.toContain(fresh.id);
    expect(kept.map(({ id, comment, disabled }: Any) => [id, comment, disabled])).toEqual([
      [ids[0], 'in', false],
      [ids[1], '', true],
    ]);
  });
});

describe('variables', () => {
  it('come in collections', async () => {
    const { body } = await call('GET', '/system/variable-collections');
    expect(body.response.map(({ name }: Any) => name)).toEqual([
      'controller',
      'peering',
      'clientpacks',
      'clientpack_groups',
      'fwsets',
      'subtables',
      'custom',
    ]);
    const all = (await call('GET', '/system/variables?collections=controller,clientpack_groups')).body
      .response;
    expect(Object.keys(all)).toEqual(['controller', 'clientpack_groups']);
    expect(all.controller).toContainEqual({
      variable: 'vns3_overlay_subnet',
      description: expect.any(String),
      value: '100.127.255.192/26',
    });
    expect(all.clientpack_groups[0]).toMatchObject({
      variable: 'clientpack_group_type_person',
      value: '100.127.255.193,100.127.255.194',
    });
  });

  it('of your own change the rules that use them, and stay while one does', async () => {
    const made = await call('POST', '/system/variables', {
      name: 'office',
      value: '10.0.0.0/8',
      description: 'HQ',
    });
    expect(made.status).toBe(201);
    expect(made.body.response.custom).toEqual([
      { variable: 'custom_office', description: 'HQ', value: '10.0.0.0/8' },
    ]);
    await call('POST', `${V2}/rules`, {
      rules: [`INPUT -s ${v('custom_office')} -j DROP`, `FORWARD -s ${v('office')} -j DROP`],
    });
    const applied = context.seen.firewallApplied;
    const changed = await call('PUT', '/system/variables/office', { value: '10.1.0.0/16' });
    expect(changed.body.response).toEqual({
      variable: 'custom_office',
      description: 'HQ',
      value: '10.1.0.0/16',
    });
    expect(context.seen.firewallApplied).toBe(applied + 1);
    expect((await rules()).map(({ rule_resolved }) => rule_resolved)).toEqual([
      'INPUT -s 10.1.0.0/16 -j DROP',
      'FORWARD -s 10.1.0.0/16 -j DROP',
    ]);
    const broken = await call('PUT', '/system/variables/custom_office', { value: 'nonsense here' });
    expect([broken.status, broken.body.error.name]).toEqual([400, 'APIBadRequestError']);
    expect((await rules())[0].rule_resolved).toBe('INPUT -s 10.1.0.0/16 -j DROP');
    const kept = await call('DELETE', '/system/variables/office', {});
    expect([kept.status, kept.body.error.message]).toEqual([
      400,
      expect.stringContaining(`${v('custom_office')}`),
    ]);
    expect((await call('DELETE', '/system/variables/office?force=true')).body.response.custom).toEqual([]);
    expect((await rules()).map(({ disabled }) => disabled)).toEqual([true, true]);
    const gone = await call('DELETE', '/system/variables/office', {});
    expect([gone.status, gone.body.error.message]).toEqual([404, 'Custom variable office does not exist']);
    expect((await call('POST', '/system/variables', { name: 'a-b', value: '1' })).status).toBe(400);
  });

  it('that nobody defined are named', async () => {
    const { status, body } = await call('POST', `${V2}/rules`, { rule: `INPUT -s ${v('nobody')} -j DROP` });
    expect([status, body.error.message]).toEqual([400, expect.stringContaining(`${v('nobody')}`)]);
  });

  it('may list addresses; the engine then has several rules', async () => {
    const { body } = await call('POST', `${V2}/rules`, {
      rule: `INPUT -s ${v('clientpack_group_type_person')} -j DROP`,
    });
    expect(body.response.os_rules[0]).toMatchObject({ size: 2, position: 0, end_position: 1 });
    const next = await call('POST', `${V2}/rules`, { rule: A });
    expect(next.body.response.os_rules[0]).toMatchObject({ size: 1, position: 2, end_position: 2 });
  });
});

describe('safety', () => {
  it('what the engine refuses changes nothing, and its words name the rule', async () => {
    await call('POST', `${V2}/rules`, { rule: A });
    context.seen.verdict = {
      problems: [{ rule: null, set: null, message: 'iptables: no such match' }],
      tests: [],
      cut: [],
    };
    const { status, body } = await call('POST', `${V2}/rules`, { rule: B });
    expect([status, body.error.message]).toEqual([400, expect.stringContaining('iptables: no such match')]);
    expect(await texts()).toEqual([A]);
  });

  it('without an applier nothing is stored', async () => {
    context.seen.verdict = new Error('the applier is not running');
    const { status, body } = await call('POST', `${V2}/rules`, { rule: B });
    expect([status, body.error.message]).toEqual([
      500,
      expect.stringMatching(/Nothing was changed.*not running/),
    ]);
    expect(await texts()).toEqual([]);
  });

  it('a failing rule test vetoes the write', async () => {
    const test = { name: 'web', from: '10.0.0.1', to: '10.0.0.2', protocol: 'tcp', port: 80, expect: 'pass' };
    expect((await call('PUT', `${V2}/tests`, { tests: [test] })).status).toBe(200);
    context.seen.verdict = { problems: [], tests: [{ name: 'web', got: 'drop', detail: 'INPUT' }], cut: [] };
    const { status, body } = await call('POST', `${V2}/rules`, { rule: B });
    expect([status, body.error.message]).toEqual([
      400,
      expect.stringMatching(/web must pass, but it would be dropped/),
    ]);
    expect(await texts()).toEqual([]);
    const dry = await call('POST', `${V2}/rules?dry_run=true`, { rule: B });
    expect(dry.body.response).toMatchObject({
      dry_run: true,
      changes: [`+ ${B}`],
      tests: [{ name: 'web', expect: 'pass', got: 'drop' }],
    });
  });

  it('a dry run tells which flows would be cut and changes nothing', async () => {
    context.seen.verdict = { problems: [], tests: [], cut: ['tcp 10.0.0.1:1 -> 10.0.0.2:2'] };
    const dry = await call('POST', `${V2}/rules?dry_run=True`, { rule: A });
    expect([dry.status, dry.body.response.cut]).toEqual([200, ['tcp 10.0.0.1:1 -> 10.0.0.2:2']]);
    expect(await texts()).toEqual([]);
  });

  it('a change to be confirmed can be confirmed or cancelled, and holds up others meanwhile', async () => {
    await call('POST', `${V2}/rules`, { rule: A });
    await call('POST', `${V2}/rules?confirm=60`, { rule: B });
    const { pending } = (await call('GET', `${V2}/status`)).body.response;
    expect(pending.seconds_left).toBeGreaterThan(50);
    expect(context.ctx.firewall.desired().confirmBy).toBe(pending.deadline);
    const other = await call('POST', `${V2}/rules`, { rule: C });
    expect([other.status, other.body.error.message]).toEqual([
      400,
      expect.stringMatching(/confirm or cancel it/),
    ]);
    await call('POST', `${V2}/cancel`);
    expect(await texts()).toEqual([A]);
    await call('POST', '/firewall/rules?confirm=60', { rule: B });
    await call('POST', `${V2}/confirm`);
    expect(context.ctx.firewall.desired().confirmBy).toBeNull();
    expect(await texts()).toEqual([A, 'FORWARD_CUST -p tcp --dport 80 -j ACCEPT'.replace('_CUST', '')]);
    expect((await call('POST', `${V2}/confirm`)).status).toBe(400);
    expect((await call('POST', `${V2}/rules?confirm=2`, { rule: C })).status).toBe(400);
  });

  it('seals and opens', async () => {
    const { body } = await call('PUT', `${V2}/settings`, { sealed: true });
    expect(body.response).toMatchObject({ sealed: true, clients_may_manage: false });
    expect(context.ctx.firewall.desired()).toMatchObject({ sealed: true, clientsMayManage: false });
  });
});
