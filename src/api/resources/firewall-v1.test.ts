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

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
type Any = any;
type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
async function call(method: Method, url: string, body?: unknown) {
  const reply = await app.inject({
    method,
    url: `/api${url}`,
    headers: { authorization: BASIC, 'content-type': 'application/json' },
    ...(body !== undefined && { payload: JSON.stringify(body) }),
  });
  return { status: reply.statusCode, body: reply.json() as Any, text: reply.body };
}
const list = async () => (await call('GET', '/firewall/rules')).body.response as [string, number][];
const texts = async () => (await list()).map(([text]) => text);
const add = (rule: string, position?: number) => call('POST', '/firewall/rules', { rule, position });

const A = 'INPUT_CUST -s 10.0.0.1 -j DROP';
const B = 'FORWARD_CUST -p tcp --dport 80 -j ACCEPT';
const C = 'MACRO_CUST -o eth0 -s 100.127.255.192/26 -j MASQUERADE';

describe('rules of firewall 1.0', () => {
  it('are lines with numbers, shown at once, without a line break', async () => {
    const { status, body } = await add(`${A}\n`);
    expect(status).toBe(200);
    expect(body.response).toEqual({ status: 'submitted', rule: A, token: expect.any(String), position: 0 });
    const task = await call('GET', `/status/task?token=${body.response.token}`);
    expect(JSON.stringify(task.body)).toContain('finished_ok');
    expect(await list()).toEqual([[A, 0]]);
  });

  it('go in front of the rule that has the position, and leave by it', async () => {
    for (const rule of [A, B]) await add(rule);
    await add(C, 1);
    expect(await texts()).toEqual([A, C, B]);
    const { status, body } = await call('DELETE', '/firewall/rules/1');
    expect([status, body.response.rule, body.response.position]).toEqual([200, C, 1]);
    expect(await texts()).toEqual([A, B]);
    const beyond = await call('DELETE', '/firewall/rules/2');
    expect(beyond.status).toBe(400);
    expect(beyond.body.error.message).toMatch(/exceeds the number of rules/);
  });

  it('are deleted by text in a body, whatever the white space and an id beside it', async () => {
    for (const rule of [A, B]) await add(rule);
    const { status } = await call('DELETE', '/firewall/rules', {
      id: '0',
      rule: ` ${A.replaceAll(' ', '  ')}\n`,
    });
    expect(status).toBe(200);
    expect(await texts()).toEqual([B]);
    expect((await call('DELETE', '/firewall/rules', { rule: A })).status).toBe(400);
    expect((await call('DELETE', '/firewall/rules', {})).body.error.message).toBe('rule is missing');
  });

  it('are refused with the word and the rule, and nothing changes', async () => {
    await add(A);
    const { status, body } = await add('INPUT_CUST -s 10.0.0.1 -j ACEPT');
    expect(status).toBe(400);
    expect(body.error).toMatchObject({
      name: 'APIArgumentError',
      message: expect.stringContaining('"ACEPT"'),
    });
    expect(body.error.message).toContain('INPUT_CUST -s 10.0.0.1 -j ACEPT');
    expect(await texts()).toEqual([A]);
  });

  it('are replaced as a whole or not at all', async () => {
    await add(A);
    const bad = await call('PUT', '/firewall', { rules: `${B}\nINPUT_CUST -j EVIL\n${C}` });
    expect([bad.status, await texts()]).toEqual([400, [A]]);
    const good = await call('PUT', '/firewall', { rules: `# web\n${B}\n\n${C}\n` });
    expect([good.status, good.body.response.status]).toEqual([200, 'submitted']);
    expect(await texts()).toEqual([B, C]);
    expect((await call('GET', '/v2/firewall/rules')).body.response[0].comment).toBe('web');
    await call('PUT', '/firewall', { rules: '' });
    expect(await texts()).toEqual([]);
  });

  it('keep the comments that they have when the list that was read is written back', async () => {
    await call('POST', '/v2/firewall/rules', { rules: [{ rule: A, comment: 'office' }, B] });
    await call('PUT', '/firewall', { rules: [...(await texts()), '# new', C].join('\n') });
    const all = (await call('GET', '/v2/firewall/rules')).body.response as { comment: string }[];
    expect(all.map(({ comment }) => comment)).toEqual(['office', '', 'new']);
    await call('PUT', '/firewall', { rules: `# shop\n${A}` });
    expect((await call('GET', '/v2/firewall/rules')).body.response[0].comment).toBe('shop');
  });

  it('are the rules of 2.0 that are in force, under the names that old clients know', async () => {
    await call('POST', '/v2/firewall/rules', { rules: ['INPUT -j ACCEPT', { rule: B, disabled: true }, C] });
    expect(await list()).toEqual([
      ['INPUT_CUST -j ACCEPT', 0],
      [C, 1],
    ]);
    await add(A, 1);
    const all = (await call('GET', '/v2/firewall/rules')).body.response as { rule: string }[];
    expect(all.map(({ rule }) => rule)).toEqual(['INPUT -j ACCEPT', B, A, C]);
    await call('DELETE', '/firewall/rules', { rule: 'INPUT_CUST -j ACCEPT' });
    expect(await texts()).toEqual([A, C]);
  });

  it('hold no double quotes, which an old client cannot read', async () => {
    const rule = 'INPUT -m comment --comment "a b" -j DROP';
    await call('POST', '/v2/firewall/rules', { rule });
    expect(await texts()).toEqual(["INPUT_CUST -m comment --comment 'a b' -j DROP"]);
    expect((await call('DELETE', '/firewall/rules', { rule: (await texts())[0] })).status).toBe(200);
    expect(await texts()).toEqual([]);
  });

  it('need a licence', async () => {
    context.seen.licensed = false;
    const { status, body } = await call('GET', '/firewall/rules');
    expect([status, body.error.message]).toEqual([403, 'Must be licensed first.']);
  });

  it('can have connection tracking reset', async () => {
    expect((await call('PUT', '/firewall/actions', { action: 'reset_connection_tracking' })).status).toBe(
      200,
    );
    expect(context.seen.trackingResets).toBe(1);
    expect((await call('PUT', '/firewall/actions', { action: 'explode' })).body.error.message).toMatch(
      /must be reset_connection_tracking, not "explode"/,
    );
  });
});

describe('subgroups', () => {
  it('hold rules that a rule jumps to, and stay while one does', async () => {
    const made = await call('POST', '/firewall/rules/subgroup', {
      name: 'FWD_C_web',
      rules: '-s 10.0.0.0/8 -j ACCEPT\nFWD_C_web -j DROP',
    });
    expect([made.status, made.body.response.status]).toEqual([200, 'ok']);
    await add('FORWARD_CUST -p tcp -j FWD_C_web');
    expect((await call('GET', '/firewall/rules/subgroup')).body.response).toEqual(['FWD_C_web']);
    expect((await call('GET', '/firewall/rules/subgroup?name=FWD_C_web')).body.response).toEqual([
      'FWD_C_web -s 10.0.0.0/8 -j ACCEPT',
      'FWD_C_web -j DROP',
    ]);
    expect((await call('GET', '/firewall/rules/subgroup?verbose=True')).body.response[0]).toHaveLength(3);
    const kept = await call('DELETE', '/firewall/rules/subgroup', { name: 'FWD_C_web' });
    expect([kept.status, kept.body.error.name]).toEqual([410, 'APINotFoundError']);
    await call('DELETE', '/firewall/rules/subgroup', { rules: 'FWD_C_web -j DROP' });
    await call('DELETE', '/firewall/rules/0');
    const gone = await call('DELETE', '/firewall/rules/subgroup', { name: 'FWD_C_web' });
    expect(gone.body.response).toEqual({ status: 'finished_ok' });
    expect((await call('DELETE', '/firewall/rules/subgroup', { name: 'FWD_C_web' })).status).toBe(404);
    expect((await call('PUT', '/firewall/rules/subgroup', { reinitialize: true })).body).toEqual({
      response: {},
    });
    context.seen.verdict = new Error('the applier is not running');
    const away = await call('PUT', '/firewall/rules/subgroup', { reinitialize: true });
    expect([away.status, away.body.error.message]).toEqual([
      500,
      'The firewall could not be asked: the applier is not running',
    ]);
    context.seen.verdict = { problems: [{ rule: null, set: 'x', message: 'too large' }], tests: [], cut: [] };
    const refused = await call('PUT', '/firewall/rules/subgroup', { reinitialize: true });
    expect([refused.status, refused.body.error.message]).toEqual([
      400,
      'The firewall does not accept this: set x: too large',
    ]);
    context.seen.verdict = null;
    expect((await call('POST', '/firewall/rules/subgroup', { name: 'web', rules: '-j DROP' })).status).toBe(
      400,
    );
  });
});

describe('a subgroup that 2.0 shows as a subtable', () => {
  const lines = async (name: string) =>
    (await call('GET', `/firewall/rules/subgroup?name=${name}&verbose=`)).body.response as string[];
  beforeEach(async () => {
    const rules = [
      { rule: 'web -s 10.0.0.1 -j DROP', position: 0, disabled: true, comment: 'off' },
      { rule: 'web -m comment --comment "a b" -j DROP', position: 1 },
      { rule: 'web -s 10.0.0.2 -j DROP', position: 2, comment: 'printer' },
    ];
    const made = await call('POST', '/v2/firewall/subtables', { name: 'web', type: 'FORWARD', rules });
    expect(made.status, made.text).toBe(201);
  });
  const inV2 = async () =>
    (await call('GET', '/v2/firewall/subtables/web')).body.response.rules.map(
      ({ rule, comment, disabled }: Any) => `${disabled ? 'off ' : ''}${rule.slice(4, 15)} ${comment}`,
    );

  it('has the rules that are enabled, without double quotes', async () => {
    const shown = ["web -m comment --comment 'a b' -j DROP", 'web -s 10.0.0.2 -j DROP'];
    expect(await lines('web')).toEqual(shown);
    expect((await call('GET', '/firewall/rules/subgroup?verbose=true')).body.response).toEqual([
      ['web', ...shown],
    ]);
  });

  it('takes rules at positions that it shows, with comments, whatever its name begins with', async () => {
    const { status } = await call('POST', '/firewall/rules/subgroup', {
      name: 'WEB',
      rules: '# office\n-s 10.0.0.3 -j DROP',
      position: 1,
    });
    expect(status).toBe(200);
    expect(await lines('web')).toHaveLength(3);
    expect(await inV2()).toEqual([
      'off -s 10.0.0.1 off',
      '-m comment  ',
      '-s 10.0.0.3 office',
      '-s 10.0.0.2 printer',
    ]);
  });

  it('keeps comments and what is disabled when it is flushed, and loses lines by their text', async () => {
    await call('POST', '/firewall/rules/subgroup', {
      name: 'web',
      rules: (await lines('web'))[1],
      flush: true,
    });
    expect(await inV2()).toEqual(['-s 10.0.0.2 printer', 'off -s 10.0.0.1 off']);
    await call('DELETE', '/firewall/rules/subgroup', { name: 'web', rules: '-s  10.0.0.2 -j DROP' });
    expect(await inV2()).toEqual(['off -s 10.0.0.1 off']);
    const hidden = await call('DELETE', '/firewall/rules/subgroup', {
      rules: 'web -s 10.0.0.1 -j DROP',
      name: 'web',
    });
    expect(hidden.status).toBe(400);
  });
});

describe('sets of firewall 1.0', () => {
  it('that are lists hold the names of other sets, and rules use them', async () => {
    for (const [name, rules] of [
      ['NETS_dev', '10.96.20.0/24'],
      ['NETS_ops', '10.97.20.0/24'],
      ['LIST_all', 'NETS_dev\nLIST_all NETS_ops'],
    ]) {
      const made = await call('POST', '/firewall/fwsets', { name, rules });
      expect(made.status, made.text).toBe(200);
    }
    expect((await call('GET', '/firewall/fwsets?name=LIST_all')).body.response).toEqual([
      'LIST_all NETS_dev',
      'LIST_all NETS_ops',
    ]);
    expect((await call('GET', '/firewall/fwsets?name=NETS_dev')).body.response).toEqual([
      'NETS_dev 10.96.20.0/24',
    ]);
    const rule = 'FORWARD_CUST -m set --match-set LIST_all src -j DROP';
    expect((await add(rule)).status).toBe(200);
    expect(await texts()).toEqual([rule]);
    expect((await call('DELETE', '/firewall/fwsets', { name: 'LIST_all' })).status).toBe(410);
    expect((await call('DELETE', '/firewall/fwsets', { name: 'LIST_all', rules: 'NETS_ops' })).status).toBe(
      200,
    );
    expect((await call('GET', '/firewall/fwsets?verbose=true')).body.response[2]).toEqual([
      'LIST_all',
      'LIST_all NETS_dev',
    ]);
  });

  it('keep the comments of entries that stay, and leave the comma of a service alone', async () => {
    await call('POST', '/v2/firewall/fwsets', {
      name: 'NETS_dev',
      type: 'net',
      entries: [{ entry: '10.0.0.1', comment: 'printer' }],
    });
    await call('POST', '/firewall/fwsets', { name: 'NETS_dev', rules: '10.0.0.1\n# new\n10.0.0.2' });
    const { entries } = (await call('GET', '/v2/firewall/fwsets/NETS_dev')).body.response;
    expect(entries.map(({ comment }: Any) => comment)).toEqual(['printer', 'new']);
    await call('POST', '/v2/firewall/fwsets', {
      name: 'shop',
      type: 'service',
      entries: ['10.0.0.1,tcp:80'],
    });
    const added = await call('POST', '/firewall/fwsets', {
      name: 'shop',
      rules: '10.0.0.1,tcp:443',
      flush: false,
    });
    expect(added.status, added.text).toBe(200);
    expect((await call('GET', '/firewall/fwsets?name=shop')).body.response).toEqual([
      'shop 10.0.0.1,tcp:80',
      'shop 10.0.0.1,tcp:443',
    ]);
  });

  it('are known by prefix and written as lines', async () => {
    const made = await call('POST', '/firewall/fwsets', {
      rules: 'NETS_dev 10.96.20.0/24\\nNETS_dev 10.97.20.0/24\nPORTS_web 80',
    });
    expect(made.status, made.text).toBe(200);
    await call('POST', '/firewall/fwsets', { name: 'PORTS_web', rules: '443', flush: false });
    expect((await call('GET', '/firewall/fwsets')).body.response).toEqual(['NETS_dev', 'PORTS_web']);
    expect((await call('GET', '/firewall/fwsets?name=PORTS_web')).body.response).toEqual([
      'PORTS_web 80',
      'PORTS_web 443',
    ]);
    await call('DELETE', '/firewall/fwsets', { rules: 'PORTS_web 80' });
    expect((await call('GET', '/v2/firewall/fwsets/ports_WEB')).body.response).toMatchObject({
      name: 'PORTS_web',
      type: 'port',
      size: 1,
    });
    expect((await call('DELETE', '/firewall/fwsets', { name: 'PORTS_web' })).body.response.status).toBe(
      'finished_ok',
    );
    expect((await call('DELETE', '/firewall/fwsets', { name: 'PORTS_web' })).status).toBe(404);
  });
});
