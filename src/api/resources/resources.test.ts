import type { FastifyInstance } from 'fastify';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { MeshwrightError } from '../../errors/catalogue.ts';
import { buildServer } from '../server.ts';
import { BASIC, testContext, testObserved } from '../test-context.ts';

let app: FastifyInstance;
let context: Awaited<ReturnType<typeof testContext>>;
beforeEach(async () => {
  context = await testContext();
  ({ app } = await buildServer(context.ctx));
});

// biome-ignore lint/suspicious/noExplicitAny: bodies are looked at from outside, as a client does
type Json = any;
type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';

async function call(method: Method, path: string, payload?: object | string) {
  const type = typeof payload === 'string' ? 'text/plain' : 'application/json';
  const headers = { authorization: BASIC, 'content-type': type };
  const response = await app.inject({
    method,
    url: `/api${path}`,
    headers,
    ...(payload !== undefined && { payload }),
  });
  // One published client takes any success body that holds such an object for a failure.
  if (response.statusCode < 300) expect(response.body).not.toMatch(/\{\s*"error"/);
  return { status: response.statusCode, body: response.json() as { response?: Json; error?: Json } };
}

const ok = async (method: Method, path: string, payload?: object | string) => {
  const { status, body } = await call(method, path, payload);
  expect([status, body.error]).toEqual([200, undefined]);
  return body.response;
};
const fails = async (status: number, message: string | RegExp, ...request: Parameters<typeof call>) => {
  const answer = await call(...request);
  expect(answer.status).toBe(status);
  expect(answer.body.error.message).toMatch(message);
};

describe('config', () => {
  it('says who this is', async () => {
    context.seen.observed = testObserved();
    expect(await ok('GET', '/config')).toEqual({
      private_ipaddress: '10.1.0.7',
      public_ipaddress: '10.1.0.7',
      subnet_gateway: '10.1.0.1',
      topology_checksum: 'ab'.repeat(20),
      topology_name: '',
      controller_name: '',
      ntp_hosts: '',
      vns3_version: expect.stringMatching(/^6\.\d+\.\d+-/),
      licensed: true,
      peered: false,
    });
    await ok('PUT', '/peering/self', { id: 2 });
    expect(await ok('GET', '/config')).toMatchObject({
      peered: true,
      manager_id: 2,
      asn: 65002,
      overlay_ipaddress: '100.127.255.252',
    });
  });

  it('has an address before the first report, and answers unlicensed', async () => {
    context.seen.licensed = false;
    const config = await ok('GET', '/config');
    expect(config.private_ipaddress).not.toBe('');
    expect(config.licensed).toBe(false);
  });

  it('changes all or nothing', async () => {
    const changed = await ok('PUT', '/config', { topology_name: 'lab', ntp_hosts: '192.0.2.1 pool.example' });
    expect(changed).toMatchObject({ topology_name: 'lab', ntp_hosts: '192.0.2.1 pool.example' });
    expect(context.seen.applied).toBe(1);
    await fails(400, /ntp_hosts/, 'PUT', '/config', { topology_name: 'new', ntp_hosts: 'bad_host' });
    expect(await ok('PUT', '/config', { controller_name: '' })).toMatchObject({ topology_name: 'lab' });
    expect(await ok('PUT', '/config', { topology_name: '' })).toMatchObject({ topology_name: '' });
    expect(context.seen.applied).toBe(1);
  });
});

describe('licence and keyset', () => {
  it('keeps the bytes of the text', async () => {
    await fails(403, /^Must be licensed first\.$/, 'GET', '/license');
    await ok('PUT', '/license', 'line 1\r\nline "2"\n');
    expect(context.seen.licenseText).toBe('line 1\r\nline "2"\n');
    await fails(400, /^Bad license/, 'PUT', '/license');
    expect(await ok('PUT', '/license/upgrade/', 'bigger')).toEqual({ license: 'bigger' });
  });

  it('restarts the API after the parameters', async () => {
    const parameters = { default: 'True', managers: '', asns: 65001, my_manager_vip: '100.127.255.254' };
    expect(await ok('PUT', '/license/parameters/', parameters)).toEqual({
      parameters: { default: true, asns: 65001, my_manager_vip: '100.127.255.254' },
    });
    expect(context.seen.restarts).toHaveLength(1);
  });

  it('passes a keyset request on', async () => {
    expect(await ok('PUT', '/keyset', { token: 12345, source: '', sealed_network: 'False' })).toMatchObject({
      request: { token: '12345', sealed_network: false },
    });
    await fails(400, /^token is missing$/, 'PUT', '/keyset', {});
    expect(await ok('GET', '/keyset')).toMatchObject({ keyset_present: false });
  });
});

describe('peering', () => {
  it('is the contract from the first call to the last', async () => {
    const empty = await ok('GET', '/peering');
    expect(empty).toMatchObject({ peered: false });
    expect(empty).not.toHaveProperty('id');
    expect(Object.keys(empty.managers)).toEqual(['1', '2', '3']);
    await ok('PUT', '/peering/self', { id: '1', force: true });
    await ok('POST', '/peering/peers', { id: 2, name: '192.0.2.2', force: true });
    context.seen.up.add(2);
    const peering = await ok('POST', '/peering/peers', {
      id: 3,
      name: 'c3.example.net',
      overlay_mtu: '1400',
    });
    expect(peering.controllers).toEqual(peering.managers);
    expect(peering).toMatchObject({ id: 1, peered: true });
    expect(peering.managers).toEqual({
      1: { id: 1, overlay_ipaddress: '100.127.255.253', self: true },
      2: {
        id: 2,
        overlay_ipaddress: '100.127.255.252',
        not_set: false,
        address: '192.0.2.2',
        mtu: '1500',
        reachable: true,
      },
      3: {
        id: 3,
        overlay_ipaddress: '100.127.255.251',
        not_set: false,
        address: 'c3.example.net',
        mtu: '1400',
        reachable: false,
      },
    });
    await ok('PUT', '/peering/peers/3', { overlay_mtu: 1300 });
    for (const id of [2, 3, 3]) await ok('DELETE', `/peering/peers/${id}`, {});
    expect((await ok('GET', '/peering')).managers[3]).toMatchObject({ id: 3, not_set: true });
    expect(context.seen.applied).toBe(7);
  });

  it('refuses in the words of the contract', async () => {
    await fails(400, /^id is invalid$/, 'PUT', '/peering/self', { id: { id: 2 } });
    await fails(400, /^id is missing$/, 'PUT', '/peering/self', {});
    await fails(400, /^5 is an invalid controller id$/, 'POST', '/peering/peers', {
      id: 5,
      name: '192.0.2.5',
    });
    await fails(400, /is an invalid controller id$/, 'POST', '/peering/peers', {
      id: { id: 2 },
      name: '192.0.2.5',
    });
    await fails(400, /^20 is invalid as controller id\.$/, 'DELETE', '/peering/peers/20');
    await fails(400, /500 to 4800/, 'POST', '/peering/peers', {
      id: 2,
      name: '192.0.2.5',
      overlay_mtu: 9000,
    });
    await fails(400, /^name is missing$/, 'POST', '/peering/peers', { id: 2, name: '' });
    context.seen.licensed = false;
    await fails(403, /^Must be licensed first\.$/, 'GET', '/peering');
    await fails(403, /^Must be licensed first\.$/, 'PUT', '/peering/self', { id: 1 });
    expect(context.seen.applied).toBe(0);
  });

  it('keeps a draft apart', async () => {
    await ok('PUT', '/peering/self', { id: 1 });
    const shown = await ok('POST', '/peering/peers', { id: 2, name: '192.0.2.2', force: 'False' });
    expect(shown.managers[2]).toMatchObject({ address: '192.0.2.2', not_set: false });
    expect(context.seen.applied).toBe(1);
    expect(context.ctx.peering.effective().rows).toEqual([]);
    expect((await ok('GET', '/mesh/peering')).rows.map((row: Json) => row.draft)).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('is saved as a whole', async () => {
    const saved = await ok('PUT', '/mesh/peering', {
      self: 2,
      peers: [{ id: 1, address: '192.0.2.1', mtu: 1400 }],
    });
    expect(saved).toMatchObject({ self: 2, licensed: 3, draft: false });
    expect(saved.rows[0]).toEqual({
      id: 1,
      overlay_ipaddress: '100.127.255.253',
      self: false,
      address: '192.0.2.1',
      mtu: 1400,
      draft: false,
      reachable: false,
    });
    await fails(400, /peers\[0\]\.address/, 'PUT', '/mesh/peering', {
      self: 1,
      peers: [{ id: 2, address: '!' }],
    });
    await fails(400, /^peers is missing$/, 'PUT', '/mesh/peering', { self: 1 });
    const applied = context.seen.applied;
    await fails(403, /changed meanwhile/, 'PUT', '/mesh/peering', {
      self: 1,
      peers: [],
      client_address: 'elsewhere.example',
      revision: 'of-yesterday',
    });
    expect(context.seen.applied).toBe(applied);
    expect(await ok('GET', '/mesh/peering')).toEqual(saved);
    const { revision } = saved;
    expect(await ok('PUT', '/mesh/peering', { self: 2, peers: [], revision })).toMatchObject({ self: 2 });
    expect((await ok('GET', '/mesh/peering')).self).toBe(2);
  });

  it('keeps the intent when it cannot be applied, and says so', async () => {
    const reason = 'no applier';
    const apply = async () => {
      throw new MeshwrightError('APPLIER_UNAVAILABLE', { reason });
    };
    context = await testContext({ apply });
    ({ app } = await buildServer(context.ctx));
    await fails(500, /stored but could not be applied: no applier/, 'PUT', '/peering/self', { id: 1 });
    expect((await ok('GET', '/peering')).id).toBe(1);
  });
});

describe('routes', () => {
  it('is the contract from the first call to the last', async () => {
    expect(await ok('GET', '/routes')).toEqual({});
    const advertised = {
      cidr: '10.1.0.0/24',
      interface: '_notset',
      gateway: '_notset',
      advertise: 'True',
      description: 'x',
    };
    const first = await ok('POST', '/routes', advertised);
    expect(first).toEqual({
      1: {
        id: 1,
        cidr: '10.1.0.0/24',
        netmask: '255.255.255.0',
        interface: '_notset',
        description: 'x',
        advertise: true,
        enabled: true,
        editable: true,
        metric: 0,
        table: 'main',
      },
    });
    expect(await ok('POST', '/routes', advertised)).toEqual(first);
    expect(context.seen.applied).toBe(2);
    const both = await ok('POST', '/routes', {
      cidr: '10.9.0.7/32',
      interface: 'eth0',
      gateway: '10.1.0.1/32',
      tunnel: '',
    });
    expect(both[2]).toMatchObject({ interface: 'eth0', gateway: '10.1.0.1/32', advertise: false });
    expect(await ok('PUT', '/routes/2/disable')).toMatchObject({ id: 2, enabled: false });
    expect(await ok('PUT', '/routes/2/enable', {})).toMatchObject({ id: 2, enabled: true });
    expect(await ok('GET', '/routes?table=other')).toEqual({});
    expect(Object.keys(await ok('DELETE', '/routes/1'))).toEqual(['2']);
    await fails(400, /^bad route id or route not found$/, 'DELETE', '/routes/1');
    await fails(400, /^bad route id or route not found$/, 'PUT', '/routes/x/enable');
  });

  it('says why a route has no effect', async () => {
    context.seen.observed = testObserved();
    expect((await ok('POST', '/routes', { cidr: '10.1.0.0/24' }))[1].msg).toMatch(/no effect/);
    expect((await ok('POST', '/routes', { cidr: '10.3.0.0/24', interface: 'eth7' }))[2].msg).toMatch(/eth7/);
  });

  it('names the field that is wrong', async () => {
    await fails(400, /^cidr is missing$/, 'POST', '/routes', { cidr: '' });
    await fails(400, /did you mean 10\.1\.0\.0\/24/, 'POST', '/routes', { cidr: '10.1.0.7/24' });
    await fails(400, /^metric is invalid/, 'POST', '/routes', { cidr: '10.1.0.0/24', metric: 3e9 });
    context.seen.licensed = false;
    await fails(403, /^Must be licensed first\.$/, 'GET', '/routes');
  });
});

describe('status', () => {
  it('has the shapes of the contract while there is nothing to tell', async () => {
    expect(await ok('GET', '/status')).toEqual({ connected_clients: {}, connected_subnets: [], ipsec: {} });
    expect(await ok('GET', '/status/clients')).toEqual({});
    expect(await ok('GET', '/status/ipsec?up_down_status_only=True')).toEqual({});
  });

  it('lists local and advertised networks, and nothing of the mesh itself', async () => {
    context.seen.observed = testObserved();
    const pairs = [
      ['10.1.0.0', '255.255.255.0'],
      ['10.2.0.0', '255.255.0.0'],
    ];
    expect(await ok('GET', '/status/connected_subnets')).toEqual(pairs);
    expect((await ok('GET', '/status')).connected_subnets).toEqual(pairs);
    expect(await ok('GET', '/status/connected_subnets?extended_output=True')).toEqual([
      expect.objectContaining({ subnet: '10.1.0.0/24', managerid: 0, origin: 'local_no_encryption' }),
      {
        subnet: '10.2.0.0/16',
        network: '10.2.0.0',
        cidr_mask: '16',
        managerid: 2,
        netmask: '255.255.0.0',
        origin: 'remote_manager',
      },
    ]);
  });

  it('tells about the machine in text', async () => {
    const status = await ok('GET', '/status/system?timestamp=1');
    for (const key of ['loadavg', 'meminfo', 'swapinfo']) {
      expect(status[key].length).toBeGreaterThan(0);
      for (const line of status[key]) expect(line).toBeTypeOf('string');
    }
    for (const row of [...status.diskinfo, ...status.data.sysstat])
      for (const cell of row) expect(cell).toBeTypeOf('string');
    expect(Number.isInteger(status.uptime) && Number.isInteger(status.timestamp_i)).toBe(true);
  });

  it('link history wants two networks', async () => {
    await fails(400, /^bad or invalid remote$/, 'GET', '/status/link_history?remote=x&local=10.0.0.0/8');
    await fails(400, /^bad or invalid local$/, 'GET', '/status/link_history?remote=10.0.0.0/8');
    expect(await ok('GET', '/status/link_history?remote=10.1.0.0/16&local=10.2.0.0/16&tunnelid=3')).toEqual({
      remote: '10.1.0.0/16',
      local: '10.2.0.0/16',
      tunnelid: 3,
      history: [],
    });
  });

  it('task, by query or by body', async () => {
    const token = context.ctx.tasks.start(async () => {}, console.error);
    await vi.waitFor(async () => {
      expect(await ok('GET', `/status/task?token=${token}`)).toEqual({ task_status: 'finished_ok' });
    });
    expect(await ok('GET', '/status/task', { token })).toEqual({ task_status: 'finished_ok' });
    await fails(400, /^token is missing$/, 'GET', '/status/task');
    await fails(404, /Unknown task/, 'GET', '/status/task?token=x');
  });
});

describe('the rest', () => {
  it('interfaces', async () => {
    expect(await ok('GET', '/interfaces')).toEqual([]);
    context.seen.observed = testObserved();
    const all = await ok('GET', '/interfaces/system');
    expect(all.map(({ name }: Json) => name)).toEqual(['eth0', 'mw2', 'eth1']);
    expect(all[0]).toEqual({
      id: 1,
      name: 'eth0',
      interface_type: 'system',
      description: '',
      ip_internal: '10.1.0.7',
      ip_external: null,
      mtu: 1500,
      enabled: true,
      status: 'Up',
      mask_bits: '24',
      gateway: '10.1.0.1',
      system_default: true,
      tags: [],
    });
    expect(await ok('GET', '/interfaces/system/mw2')).toMatchObject({
      id: 2,
      interface_type: 'system_virtual',
    });
    expect(await ok('GET', '/interfaces/system/3')).toMatchObject({
      status: 'Down',
      ip_internal: null,
      mask_bits: null,
    });
    await fails(404, /^System interface not found$/, 'GET', '/interfaces/system/9');
  });

  it('server', async () => {
    expect(await ok('PUT', '/server', { reboot: 'true' })).toEqual({ status: 'rebooting' });
    expect(context.seen.restarts).toHaveLength(1);
    for (const body of [{}, { reboot: false }]) await fails(400, /^Nothing to do$/, 'PUT', '/server', body);
    expect(context.seen.restarts).toHaveLength(1);
  });

  it('neighbours', async () => {
    expect(await ok('GET', '/cloud_data')).toEqual({ cloud_type: 'none' });
    expect(await ok('GET', '/ms')).toEqual({ ip: '', alert_enabled: false });
    expect(await ok('POST', '/ms/alert/test')).toBe(false);
    await fails(403, /not available$/, 'PUT', '/ms', { ip: '192.0.2.1' });
    for (const path of [
      '/container_system',
      '/container_system/images/x/y',
      '/plugins',
      '/plugin-instances/1/start',
    ]) {
      for (const method of ['GET', 'POST', 'PUT', 'DELETE'] as const) {
        await fails(403, /^Container support not available$/, method, path);
      }
    }
  });

  it('every mutation is atomic and at once visible, under ten clients at a time', async () => {
    const create = (index: number) => ok('POST', '/routes', { cidr: `10.1.${index}.0/24`, advertise: true });
    const maps = await Promise.all(Array.from({ length: 20 }, (_, index) => create(index)));
    for (const [index, map] of maps.entries()) {
      expect(Object.values(map).some((route: Json) => route.cidr === `10.1.${index}.0/24`)).toBe(true);
    }
    expect(Object.keys(await ok('GET', '/routes'))).toHaveLength(20);
  });
});
