import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { connect } from 'node:tls';
import { beforeAll, describe, expect, it } from 'vitest';
import { type HttpAnswer, http, knock } from '../support/http.ts';
import { testLab } from '../support/lab.ts';
import { until } from '../support/until.ts';

/*
 *     this machine, 10.195.0.254 ---- https ----> [ 1 ]  fresh, 10.195.0.1:8000
 */
const HOST = '10.195.0.1';
const JSON_TYPE = { 'content-type': 'application/json' };
const lab = testLab({ size: 1, fresh: true });
let password = '';

beforeAll(() => {
  password = lab.state.controllers[0]!.password!;
});

const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  http(HOST, {
    method,
    path,
    password,
    headers: { ...JSON_TYPE, ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });

/** Three strings and nothing else, as JSON: typed clients read nothing else. */
function expectEnvelope(answer: HttpAnswer, status: number, name: string): void {
  expect(answer.status, answer.text).toBe(status);
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
  expect(Object.keys(answer.json)).toEqual(['error']);
  expect(answer.json.error).toEqual({ name, log: expect.any(String), message: expect.any(String) });
}

/** From the first refusal to the first answer, seen by a client that knocks every 100 ms. */
async function restartWindow(): Promise<{ refusedMs: number; kinds: Set<number | string> }> {
  const kinds = new Set<number | string>();
  let from = 0;
  let to = 0;
  await until(
    'the API to go down and come back',
    async () => {
      const seen = await knock(HOST, { path: '/api/config', password });
      kinds.add(seen);
      const now = performance.now();
      if (seen === 'ECONNREFUSED') {
        from ||= now;
        to = now;
      }
      return from > 0 && seen === 200;
    },
    { within: 30, everyMs: 100 },
  );
  return { refusedMs: to - from, kinds };
}

describe('transport', () => {
  it.each([
    ['TLSv1.1', false],
    ['TLSv1.2', true],
    ['TLSv1.3', true],
  ] as const)('%s: %s', async (version, isWelcome) => {
    const spoken = await new Promise<string | null>((resolve) => {
      const socket = connect({
        host: HOST,
        port: 8000,
        rejectUnauthorized: false,
        minVersion: version,
        maxVersion: version,
        // Old versions are refused by our own end too, unless it is told that they are wanted.
        ...(isWelcome ? {} : { ciphers: 'DEFAULT@SECLEVEL=0' }),
      });
      socket.once('secureConnect', () => {
        resolve(socket.getProtocol());
        socket.destroy();
      });
      socket.once('error', () => resolve(null));
    });
    expect(spoken).toBe(isWelcome ? version : null);
  });

  it('has a certificate with a key that is long enough', async () => {
    const bits = await new Promise<number | undefined>((resolve, reject) => {
      const socket = connect({ host: HOST, port: 8000, rejectUnauthorized: false }, () => {
        const { bits, asn1Curve } = socket.getPeerCertificate() as { bits?: number; asn1Curve?: string };
        resolve(asn1Curve ? 4096 : bits);
        socket.destroy();
      });
      socket.once('error', reject);
    });
    expect(bits).toBeGreaterThanOrEqual(2048);
  });

  it('speaks no plain HTTP', async () => {
    const { code, stdout } = await lab.exec('internet', ['true']);
    expect([code, stdout]).toEqual([0, '']);
    const answer = await fetch(`http://${HOST}:8000/api/config`).then(
      ({ status }) => status,
      () => 'failed',
    );
    expect(answer).toBe('failed');
  });

  it('keeps an idle connection for more than a minute', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const first = await http(HOST, { path: '/api/config', password, agent });
    expect(first.status).toBe(200);
    const { promise, resolve } = Promise.withResolvers<void>();
    const socket = await until('the connection is idle', () => idleSocket(agent), { within: 5 });
    let closed = false;
    socket.once('close', () => {
      closed = true;
    });
    setTimeout(resolve, 61_000);
    idle = promise.then(async () => {
      expect(closed).toBe(false);
      const again = await http(HOST, {
        method: 'POST',
        path: '/api/routes',
        password,
        agent,
        headers: JSON_TYPE,
        body: '{}',
      });
      expect(again.status).toBe(403);
      // The agent takes its connection back only after the answer was read.
      expect(await until('the connection is idle again', () => idleSocket(agent), { within: 5 })).toBe(
        socket,
      );
      agent.destroy();
    });
  });
});

const idleSocket = (agent: Agent) => Object.values(agent.freeSockets).flat()[0];

/** Ends a minute after it began; awaited by the last test before anything restarts the API. */
let idle: Promise<void> = Promise.resolve();

describe('errors', () => {
  it('come in the envelope', async () => {
    expectEnvelope(await call('GET', '/api/nothing'), 404, 'APINotFoundError');
    expectEnvelope(await call('POST', '/api/config', {}), 405, 'APIArgumentError');
    expectEnvelope(await call('PUT', '/api/config', '{"a":'), 400, 'APIArgumentError');
    const large = { ...JSON_TYPE, 'content-length': 2 ** 21 };
    const announced = await http(HOST, {
      ...{ method: 'PUT', path: '/api/config', password, headers: large },
      ...{ body: '{"topology_name":"', isUnfinished: true },
    });
    expectEnvelope(announced, 413, 'APIArgumentError');
    expectEnvelope(
      await call('PUT', '/api/config', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }),
      415,
      'APIArgumentError',
    );
    expectEnvelope(await call('PUT', '/api/config', { controller_name: 'a\nb' }), 400, 'APIArgumentError');
    expectEnvelope(await call('PUT', '/api/config', '{"__proto__":{"a":1}}'), 400, 'APIArgumentError');
    expectEnvelope(await call('GET', `/api/config?${'x'.repeat(20_000)}`), 431, 'APIArgumentError');
    expectEnvelope(await call('GET', '/api/%ff'), 400, 'APIArgumentError');
    expectEnvelope(await call('GET', '/api/status/task'), 400, 'APIArgumentError');
    expectEnvelope(await call('GET', '/api/status/task?token=x'), 404, 'APINotFoundError');
    expectEnvelope(await call('GET', '/api/container_system/images'), 403, 'OperationNotAllowedError');
  });

  it('name the methods that would do', async () => {
    const answer = await call('DELETE', '/api/config');
    expect(answer.headers.allow?.split(', ').sort()).toEqual(expect.arrayContaining(['GET', 'PUT']));
  });

  it('say 401 the standard way for every wrong credential', async () => {
    const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
    for (const headers of [
      {},
      basic('api:wrong'),
      basic(`admin:${password}`),
      { authorization: 'Bearer x' },
      { 'api-token': 'x' },
    ]) {
      const answer = await http(HOST, { path: '/api/config', headers });
      expectEnvelope(answer, 401, 'UnauthorizedError');
      expect(answer.reason).toBe('Unauthorized');
      expect(answer.json.error.message).toBe('Invalid or expired token');
    }
    expect((await http(HOST, { path: '/api/config', password, headers: { 'api-token': 'x' } })).status).toBe(
      200,
    );
  });

  it.each([
    ['GET', '/api/license'],
    ['GET', '/api/keyset'],
    ['GET', '/api/peering'],
    ['PUT', '/api/peering/self'],
    ['POST', '/api/peering/peers'],
    ['GET', '/api/status'],
    ['GET', '/api/status/clients'],
    ['GET', '/api/status/ipsec'],
    ['GET', '/api/routes'],
    ['POST', '/api/routes'],
  ])('say that a licence comes first: %s %s', async (method, path) => {
    const answer = await call(
      method,
      path,
      method === 'GET' ? undefined : { id: 1, name: 'a', cidr: '10.0.0.0/8' },
    );
    expectEnvelope(answer, 403, 'PrerequisiteError');
    expect(answer.json.error.message).toBe('Must be licensed first.');
  });
});

describe('requests', () => {
  it('ignore a trailing slash and never redirect', async () => {
    for (const path of ['/api/config/', '/api/cloud_data/', '/api/interfaces/', '/api/status/system/'])
      expect((await call('GET', path)).status, path).toBe(200);
    const upgrade = await call('PUT', '/api/license/upgrade/', 'x', { 'content-type': 'text/plain' });
    expectEnvelope(upgrade, 403, 'PrerequisiteError');
    expect((await call('PUT', '/api/license/parameters/', {})).status).not.toBe(404);
  });

  it('come with a JSON header and no body', async () => {
    expect((await call('GET', '/api/config')).status).toBe(200);
    expect((await call('PUT', '/api/config')).status).toBe(200);
    expectEnvelope(await call('PUT', '/api/server'), 400, 'APIArgumentError');
    expect((await call('PUT', '/api/config', '')).status).toBe(200);
  });

  it('may have a body on GET, and unknown keys', async () => {
    expectEnvelope(await call('GET', '/api/status/task', { token: 'x' }), 404, 'APINotFoundError');
    const answer = await call('PUT', '/api/config', { topology_name: 'T', id: 7, force: true });
    expect(answer.json.response).toMatchObject({ topology_name: 'T' });
    expect((await call('PUT', '/api/config', { topology_name: '' })).json.response.topology_name).toBe('');
  });

  it('refuse bad time servers and keep the list that was there', async () => {
    expect((await call('PUT', '/api/config', { ntp_hosts: '192.0.2.1 ntp.example.net' })).status).toBe(200);
    expectEnvelope(
      await call('PUT', '/api/config', { ntp_hosts: 'good.example bad_host;reboot' }),
      400,
      'APIArgumentError',
    );
    expect((await call('GET', '/api/config')).json.response.ntp_hosts).toBe('192.0.2.1 ntp.example.net');
  });
});

describe('an unlicensed controller', () => {
  it('describes itself', async () => {
    const { response } = (await call('GET', '/api/config')).json;
    expect(response.vns3_version).toMatch(/^6\.\d+\.\d+-/);
    expect(response).toMatchObject({
      licensed: false,
      peered: false,
      private_ipaddress: HOST,
      public_ipaddress: HOST,
    });
    for (const key of ['asn', 'manager_id', 'overlay_ipaddress', 'security_token'])
      expect(response).not.toHaveProperty(key);
    expect((await call('GET', '/api/cloud_data')).json).toEqual({ response: { cloud_type: 'none' } });
    const subnets = (await call('GET', '/api/status/connected_subnets')).json.response;
    expect(subnets).toContainEqual(['10.195.0.0', '255.255.255.0']);
  });

  it('shows the machine in the types of the clients', async () => {
    const { response } = (await call('GET', '/api/status/system?timestamp=1')).json;
    for (const key of ['loadavg', 'meminfo', 'swapinfo'])
      for (const value of response[key]) expect(value).toEqual(expect.any(String));
    for (const row of [...response.diskinfo, ...response.data.sysstat])
      for (const value of row) expect(value).toEqual(expect.any(String));
    expectInt32(response.timestamp_i);
    const interfaces = (await call('GET', '/api/interfaces')).json.response;
    const eth0 = interfaces.find(({ name }: { name: string }) => name === 'eth0');
    expect(eth0).toMatchObject({
      ip_internal: HOST,
      mask_bits: '24',
      gateway: '10.195.0.254',
      status: 'Up',
      enabled: true,
    });
    expectInt32(eth0.id);
    expect((await call('GET', '/api/interfaces/system/eth0')).json.response).toEqual(eth0);
    expectEnvelope(await call('GET', '/api/interfaces/system/none'), 404, 'APINotFoundError');
  });
});

function expectInt32(value: unknown): void {
  expect(Number.isInteger(value) && Math.abs(value as number) < 2 ** 31, String(value)).toBe(true);
}

describe('the API password', () => {
  it('changes for the very next request', async () => {
    const next = 'another-password-1';
    expectEnvelope(await call('PUT', '/api/api_password', { password: 'short' }), 400, 'APIArgumentError');
    expectEnvelope(await call('PUT', '/api/api_password', {}), 400, 'APIArgumentError');
    expect((await call('PUT', '/api/api_password', { password: next })).json).toEqual({
      response: { password_reset: 'ok' },
    });
    const [old, fresh] = await Promise.all(
      [password, next].map((each) => http(HOST, { path: '/api/config', password: each })),
    );
    expect([old!.status, fresh!.status]).toEqual([401, 200]);
    expect(
      (
        await http(HOST, {
          method: 'PUT',
          path: '/api/api_password',
          password: next,
          headers: JSON_TYPE,
          body: JSON.stringify({ password }),
        })
      ).status,
    ).toBe(200);
    expect((await call('GET', '/api/config')).status).toBe(200);
  });
});

describe('the licence', () => {
  const text = { 'content-type': 'text/plain' };

  it('is refused when it was changed, and told apart', async () => {
    const good = readFileSync(lab.state.license, 'utf8');
    for (const bad of ['', 'hello', good.slice(0, -80), good.replace(/[A-Za-z](?=[^A-Za-z]*$)/, 'x')]) {
      const answer = await call('PUT', '/api/license', bad, text);
      expectEnvelope(answer, 400, 'APIArgumentError');
      expect(answer.json.error.message).toMatch(/^Bad license/);
    }
  });

  it('can be uploaded again until its parameters are accepted', async () => {
    const good = readFileSync(lab.state.license, 'utf8');
    for (const _ of [1, 2]) {
      const { status, json } = await call('PUT', '/api/license', good, text);
      expect(status).toBe(200);
      expect(json.response).toMatchObject({ license: 'accepted', finalized: false, license_present: true });
      for (const { manager_id, asn, overlay_ipaddress } of json.response.default_topology.managers) {
        expectInt32(manager_id);
        expectInt32(asn);
        for (const octet of overlay_ipaddress.octets) expectInt32(octet);
      }
    }
    expect((await call('GET', '/api/config')).json.response.licensed).toBe(false);
    const { response } = (await call('GET', '/api/license')).json;
    expect(response).toMatchObject({ finalized: false, license_present: true });
    expectInt32(response.uploaded_at_i);
  });

  it('kept the idle connection while all this went on', () => idle);

  it.each([
    [
      {
        subnet: '100.127.250.0/24',
        managers: 'x',
        asns: '1',
        clients: '100.127.250.5',
        my_manager_vip: '100.127.250.1',
      },
      'managers',
    ],
    [
      {
        subnet: '100.127.250.0/24',
        managers: '100.127.250.2 100.127.250.3',
        asns: '65001 65001',
        clients: '100.127.250.5',
        my_manager_vip: '100.127.250.1',
      },
      'asns',
    ],
    [
      {
        subnet: '100.127.250.0/24',
        managers: '100.127.250.2',
        asns: '65001',
        clients: '10.0.0.1',
        my_manager_vip: '100.127.250.1',
      },
      'clients',
    ],
  ])('refuses parameters that cannot be: %j', async (parameters, field) => {
    const answer = await call('PUT', '/api/license/parameters', { ...parameters, default: false });
    expectEnvelope(answer, 400, 'APIArgumentError');
    expect(answer.json.error.message).toContain(field);
  });

  it('is in force after its parameters, over a restart that clients can see', async () => {
    const answer = await call('PUT', '/api/license/parameters', { default: 'True' });
    expect(answer.json.response).toMatchObject({ license: 'accepted', finalized: true });
    const { managers, clients, asns } = answer.json.response.parameters;
    for (const value of [...managers, ...clients]) expect(value).toEqual(expect.any(String));
    for (const asn of asns) expectInt32(asn);
    const { refusedMs, kinds } = await restartWindow();
    expect(refusedMs).toBeGreaterThan(4000);
    expect([...kinds].filter((kind) => ![200, 'ECONNREFUSED', 'ECONNRESET'].includes(kind))).toEqual([]);
    expect((await call('GET', '/api/config')).json.response).toMatchObject({ licensed: true });
    expectEnvelope(
      await call('PUT', '/api/license', readFileSync(lab.state.license, 'utf8'), text),
      400,
      'APIArgumentError',
    );
  });

  it('does not restart the API when the same parameters come again', async () => {
    const answer = await call('PUT', '/api/license/parameters/', { default: true });
    expect([200, 400]).toContain(answer.status);
  });
});

describe('peering in the types of the clients', () => {
  it('starts with every licensed id not set', async () => {
    const { response } = (await call('GET', '/api/peering')).json;
    expect(response.peered).toBe(false);
    expect(response.id ?? null).toBeNull();
    expect(Object.keys(response.managers)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10']);
    expect(response.controllers).toEqual(response.managers);
    expect(response.managers['7']).toMatchObject({ id: 7, not_set: true });
  });

  it('takes loose types and answers strict ones', async () => {
    const self = await call('PUT', '/api/peering/self', { id: '1', force: 'True' });
    expect(self.json.response).toMatchObject({ id: 1, peered: true });
    const added = await call('POST', '/api/peering/peers', {
      id: 2,
      name: '10.195.0.99',
      overlay_mtu: 1400,
      force: 'False',
    });
    expect(added.json.response.managers['2']).toMatchObject({
      id: 2,
      address: '10.195.0.99',
      mtu: '1400',
      reachable: false,
      not_set: false,
    });
    const changed = await call('PUT', '/api/peering/peers/2', { name: '10.195.0.98', overlay_mtu: '1450' });
    expect(changed.json.response.managers['2']).toMatchObject({ address: '10.195.0.98', mtu: '1450' });
    for (const [id, entry] of Object.entries<{ id: unknown; mtu?: unknown }>(
      changed.json.response.managers,
    )) {
      expect(entry.id).toBe(Number(id));
      expect(['string', 'undefined']).toContain(typeof entry.mtu);
    }
  });

  it('has the words of the contract for bad ids', async () => {
    const message = async (method: string, path: string, body?: unknown) => {
      const answer = await call(method, path, body);
      expectEnvelope(answer, 400, 'APIArgumentError');
      return answer.json.error.message as string;
    };
    expect(await message('PUT', '/api/peering/self', { id: 55 })).toBe('id is invalid');
    expect(await message('PUT', '/api/peering/self', { id: { id: 2 } })).toBe('id is invalid');
    expect(await message('POST', '/api/peering/peers', { id: 55, name: 'a' })).toBe(
      '55 is an invalid controller id',
    );
    expect(await message('DELETE', '/api/peering/peers/20')).toBe('20 is invalid as controller id.');
    expect(await message('PUT', '/api/peering/peers/2', { overlay_mtu: 100 })).toContain('overlay_mtu');
  });

  it('may be deleted id by id, set or not', async () => {
    for (const id of [2, 3, 4, 5, 6, 7, 8, 9, 10])
      expect((await call('DELETE', `/api/peering/peers/${id}`, {})).status).toBe(200);
    const { response } = (await call('GET', '/api/peering')).json;
    expect(response.managers['2']).toMatchObject({ not_set: true });
  });
});

describe('routes in the types of the clients', () => {
  it('echo what the clients look for', async () => {
    expect((await call('GET', '/api/routes')).json).toEqual({ response: {} });
    const posted = await call('POST', '/api/routes', {
      cidr: '10.9.0.0/16',
      gateway: '_notset',
      interface: '_notset',
      advertise: 'True',
      tunnel: '',
      description: '',
      metric: '0',
    });
    const [route] = Object.values<Record<string, unknown>>(posted.json.response);
    expect(route).toMatchObject({
      cidr: '10.9.0.0/16',
      netmask: '255.255.0.0',
      interface: '_notset',
      advertise: true,
      enabled: true,
      editable: true,
      metric: 0,
      table: 'main',
      description: '',
    });
    expect(route).not.toHaveProperty('gateway');
    expect(route).not.toHaveProperty('tunnel');
    expectInt32(route!.id);
    const loose = await call('POST', '/api/routes', {
      cidr: '10.8.0.0/16',
      gateway: '10.195.0.7/32',
      advertise: 'False',
    });
    const other = Object.values<Record<string, unknown>>(loose.json.response).find(
      ({ cidr }) => cidr === '10.8.0.0/16',
    );
    expect(other).toMatchObject({ gateway: '10.195.0.7/32', advertise: false });
    for (const { id } of [route!, other!])
      expect((await call('DELETE', `/api/routes/${id}`, {})).status).toBe(200);
    const again = await call('DELETE', `/api/routes/${route!.id}`);
    expectEnvelope(again, 400, 'APIArgumentError');
    expect(again.json.error.message).toBe('bad route id or route not found');
  });
});

describe('the keyset in the types of the clients', () => {
  it('is generated without a restart', async () => {
    const idleState = (await call('GET', '/api/keyset')).json.response;
    expect(idleState).toEqual({ keyset_present: false, in_progress: false });
    const started = (await call('PUT', '/api/keyset', { token: 'x', topology_name: 'made here' })).json
      .response;
    expect(started).toMatchObject({ in_progress: true });
    expectInt32(started.started_at_i);
    const present = await until(
      'the keyset',
      async () => {
        const { status, json } = await call('GET', '/api/keyset');
        expect(status).toBe(200);
        return json.response.keyset_present === true && json.response;
      },
      { within: 30 },
    );
    expect(present).toMatchObject({
      checksum: expect.any(String),
      uuid: expect.any(String),
      created_at: expect.any(String),
    });
    expectInt32(present.created_at_i);
    for (const body of [{ token: 'x' }, { token: 'x', source: '10.195.0.9' }]) {
      const refused = await call('PUT', '/api/keyset', body);
      expectEnvelope(refused, 400, 'APIArgumentError');
      expect(refused.json.error.message).toBe('Keyset already exists.');
    }
    expect((await call('GET', '/api/config')).json.response.topology_name).toBe('made here');
  });
});

describe('PUT /server', () => {
  it('has nothing to do without being told', async () => {
    const answer = await call('PUT', '/api/server', { reboot: false });
    expectEnvelope(answer, 400, 'APIArgumentError');
    expect(answer.json.error.message).toBe('Nothing to do');
  });

  it('answers, refuses connections for at least four seconds, and is back as it was', async () => {
    const paths = ['/api/config', '/api/peering', '/api/keyset', '/api/license'];
    const state = () => Promise.all(paths.map(async (path) => (await call('GET', path)).json));
    const before = await state();
    const agent = new Agent({ keepAlive: true });
    await http(HOST, { path: '/api/config', password, agent });
    const socket = Object.values(agent.freeSockets).flat()[0]!;
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const answer = await call('PUT', '/api/server', { reboot: true });
    expect(answer.json).toEqual({ response: { status: 'rebooting' } });
    const { refusedMs, kinds } = await restartWindow();
    await closed;
    expect(refusedMs).toBeGreaterThan(4000);
    expect([...kinds].filter((kind) => ![200, 'ECONNREFUSED', 'ECONNRESET'].includes(kind))).toEqual([]);
    expect(await state()).toEqual(before);
  });
});

describe('what nobody may see', () => {
  it('is in no answer and no log', async () => {
    const answers = await Promise.all(
      ['/api/config', '/api/keyset', '/api/peering', '/api/mesh', '/api/mesh/keyset', '/api/license'].map(
        (path) => call('GET', path),
      ),
    );
    const { stdout: logs } = await lab.exec(1, [
      'cat',
      '/var/log/meshwright/controller/current',
      '/var/log/meshwright/applier/current',
    ]);
    const { stdout: applied } = await lab.exec(1, ['cat', '/var/lib/meshwright-applier/applied.json']);
    const state = JSON.parse(applied || '{"links":[]}') as {
      links: { privateKey: string; presharedKey: string }[];
    };
    const secrets = [password, ...state.links.flatMap((link) => [link.privateKey, link.presharedKey])];
    for (const text of [...answers.map(({ text }) => text), logs])
      for (const secret of secrets) expect(text).not.toContain(secret);
  });
});
