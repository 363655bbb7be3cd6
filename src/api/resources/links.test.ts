import type { FastifyInstance } from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { testKeyset } from '../../clientpack/pack.fixture.ts';
import { buildServer } from '../server.ts';
import { BASIC, testContext } from '../test-context.ts';

let app: FastifyInstance;
beforeEach(async () => {
  app = (await buildServer((await testContext()).ctx)).app;
});

async function call(method: 'GET' | 'PUT' | 'POST' | 'DELETE', url: string, body?: object) {
  const answer = await app.inject({
    method,
    url: `/api${url}`,
    headers: { authorization: BASIC, 'content-type': 'application/json' },
    ...(body && { payload: JSON.stringify(body) }),
  });
  return { status: answer.statusCode, response: answer.json().response, error: answer.json().error };
}

const wireguard = `[Interface]
PrivateKey = qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo=
Address = 172.31.1.9/32
MTU = 1420

[Peer]
Endpoint = 192.0.2.7:1193
`;

describe('links to other topologies', () => {
  it('are stored, listed and deleted, and say that nothing runs them', async () => {
    const made = await call('POST', '/links', { id: '3', name: 'Partner', conf: wireguard, policies: ['a'] });
    expect(made.response).toMatchObject({
      id: 3,
      name: 'Partner',
      description: '',
      type: 'wireguard',
      clientpack_ip: '172.31.1.9',
      connected: false,
      state: expect.stringContaining('not run'),
      last_connect: null,
      endpoints: ['192.0.2.7:1193'],
      policies: ['a'],
      tun_mtu: 1420,
    });
    expect(JSON.stringify(made.response)).not.toContain('qqqq');
    expect((await call('GET', '/links')).response).toEqual([made.response]);
    expect((await call('GET', '/links/3')).response).toEqual(made.response);
    const changed = await call('PUT', '/links/3', { name: 'Other', description: '', connected: 'False' });
    expect(changed.response).toMatchObject({ name: 'Other', state: 'stored, switched off' });
    expect((await call('GET', '/links/3/logs?lines=5')).response).toEqual([]);
    expect((await call('DELETE', '/links/3')).response).toMatchObject({ id: 3 });
    expect((await call('GET', '/links')).response).toEqual([]);
  });

  it('are not found when they are not there', async () => {
    for (const [method, url] of [
      ['GET', '/links/7'],
      ['PUT', '/links/7'],
      ['DELETE', '/links/7'],
      ['GET', '/links/7/logs'],
      ['GET', '/links/x'],
      ['DELETE', '/links/7/tags/a'],
    ] as const) {
      const { status, error } = await call(method, url, method === 'PUT' ? {} : undefined);
      expect([url, status, error.name]).toEqual([url, 404, 'APINotFoundError']);
    }
  });

  it('read the address of an OpenVPN pack from its certificate', async () => {
    const { certificate } = testKeyset(['100.127.255.193']).clients[0]!;
    const conf = `client\nremote 192.0.2.1 1194\nremote 192.0.2.2 1194\ntun-mtu 1400\n<cert>\n${certificate}</cert>\n`;
    expect((await call('POST', '/links', { id: 1, name: 'a', conf })).response).toMatchObject({
      type: 'openvpn',
      clientpack_ip: '100.127.255.193',
      clientpack: '100_127_255_193',
      remotes: ['192.0.2.1 1194', '192.0.2.2 1194'],
      tun_mtu: 1400,
    });
    expect((await call('POST', '/links', { id: 1, name: 'a', conf })).status).toBe(400);
  });

  it('refuse what is no clientpack', async () => {
    for (const body of [
      { id: 1, name: 'a', conf: 'hello' },
      { id: 1, name: 'a', conf: `${wireguard}\0` },
      { id: 1, name: 'a\nb', conf: wireguard },
      { id: 0, name: 'a', conf: wireguard },
      { id: { id: 2 }, name: 'a', conf: wireguard },
      { id: 1, name: 'a' },
      { id: 1, name: 'a', conf: `${wireguard}${'#'.repeat(70_000)}` },
    ])
      expect((await call('POST', '/links', body)).status).toBe(400);
    expect((await call('GET', '/links')).response).toEqual([]);
  });

  it('have tags, and policies of their own and of all', async () => {
    await call('POST', '/links', { id: 1, name: 'a', conf: wireguard });
    expect((await call('POST', '/links/1/tags', { key: 'k', value: 'v' })).response).toEqual([
      { key: 'k', value: 'v' },
    ]);
    expect((await call('DELETE', '/links/1/tags/k')).response).toEqual([]);
    const set = await call('PUT', '/links/global-policies', { type: 'wireguard', policies: ['x', 'y'] });
    expect(set.response).toBe('x\ny');
    expect((await call('GET', '/links/global-policies?type=wireguard')).response).toBe('x\ny');
    expect((await call('GET', '/links/global-policies')).response).toBe('');
  });
});
