import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { Value } from 'typebox/value';
import { beforeEach, describe, expect, it } from 'vitest';
import type { HeldClient } from '../../clientpack/held-client.ts';
import { buildServer } from '../server.ts';
import { BASIC, giveKeyset, type TestContext, testContext, testObserved } from '../test-context.ts';
import { WirePack, withoutPort } from './clientpack-wire.ts';

const PACK = '100_127_255_194';
const ADDRESS = '100.127.255.194';
let app: FastifyInstance;
let context: TestContext;

beforeEach(async () => {
  context = await testContext();
  giveKeyset(context);
  app = (await buildServer(context.ctx)).app;
});

async function call(method: 'GET' | 'PUT' | 'POST' | 'DELETE', url: string, body?: object) {
  const answer = await app.inject({
    method,
    url: `/api${url}`,
    headers: { authorization: BASIC, 'content-type': 'application/json' },
    ...(body && { payload: JSON.stringify(body) }),
  });
  const isJson = String(answer.headers['content-type']).startsWith('application/json');
  return {
    status: answer.statusCode,
    headers: answer.headers,
    bytes: answer.rawPayload,
    body: isJson ? answer.json() : null,
  };
}

const held = (change: Partial<HeldClient> = {}): HeldClient => ({
  address: ADDRESS,
  kind: 'openvpn',
  underlay: '203.0.113.7:40000',
  since: 1,
  lastPacketAt: 2,
  rxBytes: 3,
  txBytes: 4,
  rttMs: null,
  ...change,
});

describe('clientpacks', { timeout: 30_000 }, () => {
  it('need a keyset, and say so in the words that clients compare', async () => {
    context.seen.keyset = null;
    for (const [method, url] of [
      ['GET', '/clientpacks'],
      ['GET', `/clientpacks/${PACK}`],
      ['POST', '/clientpacks/next_available'],
      ['GET', `/clientpack/${PACK}.ovpn`],
    ] as const) {
      const { status, body } = await call(method, url);
      expect([status, body.error.name, body.error.message]).toEqual([
        403,
        'PrerequisiteError',
        'Keyset is missing',
      ]);
    }
    context.seen.licensed = false;
    const { status, body } = await call('PUT', '/clientpacks', { enabled: true });
    expect([status, body.error.message]).toEqual([403, 'Must be licensed first.']);
  });

  it('are a map by overlay address, and each has the shape that typed clients decode', async () => {
    const { body } = await call('GET', '/clientpacks?sorted=True');
    expect(Object.keys(body.response)).toHaveLength(5);
    for (const [address, pack] of Object.entries<Record<string, unknown>>(body.response)) {
      expect(Value.Errors(WirePack, pack)).toEqual([]);
      expect(Object.keys(pack).sort()).toEqual(Object.keys(WirePack.properties).sort());
      expect(pack.overlay_ipaddress).toBe(address);
      expect(typeof pack.manager_id).toBe('string');
      expect(pack).toMatchObject({ enabled: true, checked_out: false, connected: false, last_connect: '' });
    }
    const one = await call('GET', `/clientpacks/${PACK}`);
    expect(one.body.response.clientpack).toEqual(body.response[ADDRESS]);
    expect((await call('GET', '/clientpacks/100_127_255_9')).status).toBe(404);
    expect((await call('GET', '/clientpacks/__proto__')).status).toBe(404);
  });

  it('download under both paths, as a type that no client decodes, with the digest of the list', async () => {
    const { response } = (await call('GET', `/clientpacks/${PACK}`)).body;
    const listed = response.clientpack;
    const forms = [
      [`/clientpack/${PACK}.conf`, listed.conf_sha1],
      [`/clientpack/${PACK}.ovpn`, listed.ovpn_sha1],
      [`/clientpack/${PACK}.zip`, listed.zip_sha1],
      [`/clientpack/${PACK}.tarball`, listed.tarball_sha1],
      [`/clientpack?name=${PACK}&fileformat=conf`, listed.conf_sha1],
      [`/clientpack?name=${PACK}&fileFormat=ovpn`, listed.ovpn_sha1],
      [`/clientpack?name=${PACK}&format=tar.gz`, listed.tarball_sha1],
      [`/clientpack?name=${PACK}&fileformat=zip`, listed.zip_sha1],
    ];
    for (const [url, digest] of forms) {
      const { status, headers, bytes } = await call('GET', url);
      expect([url, status]).toEqual([url, 200]);
      expect(headers['content-type']).toBe('application/octet-stream');
      expect(headers['content-disposition']).toMatch(/^attachment; filename=\S+$/);
      expect(createHash('sha1').update(bytes).digest('hex')).toBe(digest);
    }
    expect((await call('GET', `/clientpack/${PACK}.conf`)).bytes.toString()).toContain(
      'remote one.example.net 1194',
    );
    expect((await call('GET', `/clientpack/${PACK}.exe`)).status).toBe(400);
    expect((await call('GET', '/clientpack/..%2f..%2fetc%2fpasswd.conf')).status).toBe(404);
    expect((await call('GET', '/clientpack?fileformat=conf')).body.error.message).toBe(
      'name argument must be set',
    );
  });

  it('are handed out one by one within a range', async () => {
    const next = (body: object) => call('POST', '/clientpacks/next_available', body);
    const first = await next({ low_ip: ADDRESS, high_ip: '100.127.255.195', include_disabled: 'False' });
    expect(first.body.response).toMatchObject({ overlay_ipaddress: ADDRESS, checked_out: true });
    expect(Value.Check(WirePack, first.body.response)).toBe(true);
    expect((await next({ low_ip: ADDRESS, high_ip: '100.127.255.195' })).body.response.name).toBe(
      '100_127_255_195',
    );
    const none = await next({ low_ip: ADDRESS, high_ip: '100.127.255.195' });
    expect([none.status, none.body.error.name]).toEqual([403, 'OperationNotAllowedError']);
    for (const body of [
      { low_ip: 'x' },
      { high_ip: '1.2.3' },
      { low_ip: '100.127.255.200', high_ip: ADDRESS },
    ])
      expect((await next(body)).status).toBe(400);
    expect((await next({ low_ip: '', high_ip: '' })).body.response.name).toBe('100_127_255_193');
  });

  it('change one by one and all at once', async () => {
    const one = await call('PUT', '/clientpack', {
      name: PACK,
      enabled: 'False',
      checked_out: true,
      compression: 'on',
    });
    expect(one.body.response).toMatchObject({ enabled: false, checked_out: true, compression: 'on' });
    expect(Value.Check(WirePack, one.body.response)).toBe(true);
    expect((await call('PUT', '/clientpack', { enabled: true })).body.error.message).toBe(
      'name argument must be set',
    );
    expect((await call('PUT', '/clientpack', { name: 'nobody', enabled: true })).body.error).toMatchObject({
      message: "Clientpack named 'nobody' does not exist",
    });
    expect((await call('PUT', '/clientpack', { name: PACK, compression: 'lz4' })).status).toBe(400);
    const all = await call('PUT', '/clientpacks', { enabled: true, checked_out: 'False', auth_on: false });
    expect(all.body.response).toEqual({ enabled: true, checked_out: false });
    expect((await call('GET', `/clientpacks/${PACK}`)).body.response.clientpack).toMatchObject({
      enabled: true,
      checked_out: false,
    });
    expect((await call('PUT', '/clientpacks', {})).body.error.message).toBe('Nothing to do');
  });

  it('get new credentials by a task, and another text with them', async () => {
    const before = (await call('GET', `/clientpacks/${PACK}`)).body.response.clientpack;
    const { body } = await call('PUT', '/clientpack', { name: PACK, regenerate: true });
    expect(Object.keys(body.response).sort()).toEqual(['status', 'token']);
    await untilTask(body.response.token);
    const after = (await call('GET', `/clientpacks/${PACK}`)).body.response.clientpack;
    expect(after.conf_sha1).not.toBe(before.conf_sha1);
    expect(after.sequential_id).toBe(before.sequential_id);
  });

  it('have tags', async () => {
    const set = await call('POST', `/clientpack/${PACK}`, { key: 'site', value: 'Ōsaka 1' });
    expect(set.body.response).toEqual({ name: PACK, tags: { site: 'Ōsaka 1' } });
    await call('POST', `/clientpack/${PACK}`, { key: '2', value: '' });
    expect((await call('GET', '/clientpacks')).body.response[ADDRESS].tags).toEqual({
      '2': '',
      site: 'Ōsaka 1',
    });
    const removed = await call('DELETE', `/clientpack/${PACK}`, { key: 'site' });
    expect(removed.body.response).toEqual({ name: PACK, tags: { '2': '' } });
    const unknown = await call('DELETE', '/clientpack/100_1_1_1', { key: 'site' });
    expect([unknown.status, unknown.body.error.message]).toEqual([
      400,
      "Clientpack named '100_1_1_1' does not exist",
    ]);
    const bad = await call('POST', `/clientpack/${PACK}`, { key: 'a b', value: 'x' });
    expect(bad.body.error.message).toMatch(/^bad tag key: a b/);
    const trap = await call('POST', `/clientpack/${PACK}`, { key: 'error', value: 'x' });
    expect(trap.body.error.message).toMatch(/^bad tag key: error/);
    for (const value of ['two\nlines', 'x'.repeat(300), '\u2028', '\0'])
      expect((await call('POST', `/clientpack/${PACK}`, { key: 'k', value })).status).toBe(400);
  });

  it('cannot be more than the licence allows', async () => {
    const { status, body } = await call('POST', '/clientpacks/add_clientpacks', {
      requested_ips: '100.127.255.200, 100.127.255.201',
    });
    expect([status, body.error.name, body.error.message]).toEqual([
      403,
      'OperationNotAllowedError',
      'Not enough room in license for 2 more clientpacks.',
    ]);
    for (const requested_ips of [
      '100.127.255.254',
      '100.127.255.253',
      '100.127.255.255',
      '10.0.0.1',
      ADDRESS,
      'x',
    ])
      expect((await call('POST', '/clientpacks/add_clientpacks', { requested_ips })).status).toBe(400);
  });
});

describe('connected clients', () => {
  it('are known by holder, also when the host route is all that is known', async () => {
    const route = (cidr: string, path: number[]) => ({
      cidr,
      via: path.length ? 2 : null,
      path,
      best: true,
      since: null,
      communities: [],
    });
    context.seen.observed = {
      ...testObserved(),
      routes: [
        route(`${ADDRESS}/32`, [65003, 65002]),
        route('100.127.255.195/32', []),
        // An HA client speaks BGP with an ASN of its own behind its controller's.
        route('100.127.255.196/32', [65003, 4210000004]),
        route('100.127.255.252/32', [65002]),
      ],
    } as never;
    context.seen.attached = [held({ address: '100.127.255.195' })];
    const { body } = await call('GET', '/status/clients');
    expect(body.response).toEqual({
      [ADDRESS]: { managerid: 2, overlay_ipaddress: ADDRESS, ipaddress: '', tags: {} },
      '100.127.255.195': {
        managerid: 1,
        overlay_ipaddress: '100.127.255.195',
        ipaddress: '203.0.113.7',
        tags: {},
      },
      '100.127.255.196': { managerid: 3, overlay_ipaddress: '100.127.255.196', ipaddress: '', tags: {} },
    });
    expect((await call('GET', '/status')).body.response.connected_clients).toEqual(body.response);
    const pack = (await call('GET', '/clientpacks/100_127_255_195')).body.response.clientpack;
    expect(pack).toMatchObject({
      connected: true,
      status: 'connected',
      manager_id: '1',
      ipaddress: '203.0.113.7',
    });
  });

  it('can be disconnected and reset', async () => {
    const gone = await call('PUT', `/clientpack/${PACK}`, { disconnect: true });
    expect([gone.status, gone.body.error.message]).toEqual([
      400,
      `Overlay IP address ${ADDRESS} is not connected`,
    ]);
    context.seen.attached = [held()];
    const cut = { disconnecting: PACK, overlay_ipaddress: ADDRESS };
    expect((await call('PUT', `/clientpack/${PACK}`, { disconnect: 'true' })).body.response).toEqual(cut);
    expect((await call('POST', '/client/reset', { name: PACK })).body.response).toEqual(cut);
    expect((await call('POST', '/client/reset', { name: PACK, disconnect: false })).body.response).toEqual(
      cut,
    );
    expect((await call('POST', '/clients/reset_all')).body.response).toEqual({ resetting: [ADDRESS] });
    expect(context.seen.cut).toEqual([ADDRESS, ADDRESS, ADDRESS]);
    expect((await call('POST', '/client/reset', {})).body.error.message).toBe('name argument must be set');
  });

  it('come from addresses of both kinds', () => {
    expect(withoutPort('203.0.113.7:40000')).toBe('203.0.113.7');
    expect(withoutPort('[2001:db8::1]:40000')).toBe('2001:db8::1');
    expect(withoutPort('2001:db8::1')).toBe('2001:db8::1');
    expect(withoutPort(null)).toBe('');
  });
});

async function untilTask(token: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const { body } = await call('GET', `/status/task?token=${token}`);
    if (body.response.task_status === 'finished_ok') return;
    if (body.response.task_status !== 'running' || Date.now() > deadline)
      throw new Error(`the task ended as ${body.response.task_status}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
