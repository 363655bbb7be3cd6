import type { FastifyInstance } from 'fastify';
import encodeQR from 'qr';
import decodeQR from 'qr/decode.js';
import { Value } from 'typebox/value';
import { beforeEach, describe, expect, it } from 'vitest';
import { buildServer } from '../server.ts';
import { BASIC, giveKeyset, type TestContext, testContext } from '../test-context.ts';
import { NativePack, NativePackDetail } from './mesh-clientpack-shape.ts';

const PACK = '100_127_255_194';
const OTHER = '100_127_255_195';
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
  return { status: answer.statusCode, bytes: answer.rawPayload, body: isJson ? answer.json() : null };
}

describe('native clientpacks', { timeout: 30_000 }, () => {
  it('show what the wire contract has no place for', async () => {
    const { body } = await call('GET', '/mesh/clientpacks');
    expect(body.response).toHaveLength(5);
    for (const pack of body.response) expect(Value.Errors(NativePack, pack)).toEqual([]);
    expect(body.response[1]).toMatchObject({ name: PACK, home: 1, first: 1, ready: true, client: null });
    const one = (await call('GET', `/mesh/clientpacks/${PACK}`)).body.response;
    expect(Value.Errors(NativePackDetail, one)).toEqual([]);
    expect(one.controllers).toEqual([{ id: 1, host: 'one.example.net' }]);
  });

  it('change together or not at all', async () => {
    const change = (body: object) => call('PUT', '/mesh/clientpacks', body);
    const both = await change({
      names: [PACK, OTHER],
      enabled: false,
      checked_out: true,
      tags: { site: 'a' },
    });
    expect(both.body.response.map(({ name }: { name: string }) => name)).toEqual([PACK, OTHER]);
    for (const pack of both.body.response)
      expect(pack).toMatchObject({ enabled: false, checked_out: true, tags: { site: 'a' } });
    for (const bad of [
      { names: [PACK, 'nobody'], enabled: true },
      { names: [PACK], enabled: true, tags: { 'not a key': 'x' } },
      { names: [PACK] },
      { names: [], enabled: true },
    ])
      expect((await change(bad)).status).toBe(400);
    expect((await call('GET', `/mesh/clientpacks/${PACK}`)).body.response).toMatchObject({ enabled: false });
  });

  it('grant networks, and none that would take traffic from others', async () => {
    const grant = (name: string, ...networks: string[]) =>
      call('PUT', `/mesh/clientpacks/${name}/networks`, { networks });
    expect((await grant(PACK, '10.20.0.0/16', '10.1.0.0/24')).body.response.networks).toEqual([
      '10.1.0.0/24',
      '10.20.0.0/16',
    ]);
    for (const network of [
      '0.0.0.0/0',
      '100.127.255.0/24',
      '100.127.255.193/32',
      '169.254.0.0/16',
      '10.20.1.0/24',
      '10.3.0.1/16',
      '224.0.0.0/4',
      '1.2.3.4',
      '10.9.0.0/16\n',
    ]) {
      const { status, body } = await grant(OTHER, network);
      if (network === '10.9.0.0/16\n') expect(status).toBe(200);
      else
        expect([network, status, body.error?.message]).toEqual([
          network,
          400,
          expect.stringMatching(/^networks is invalid: /),
        ]);
    }
    expect((await grant(PACK)).body.response.networks).toEqual([]);
    expect((await grant(OTHER, '10.20.1.0/24')).status).toBe(200);
  });

  it('download in every form, and as a QR code that a camera reads', async () => {
    for (const format of ['conf', 'ovpn', 'zip', 'tarball', 'wireguard', 'ha'])
      expect((await call('GET', `/mesh/clientpacks/${PACK}/files/${format}`)).status).toBe(200);
    expect((await call('GET', `/mesh/clientpacks/${PACK}/files/exe`)).status).toBe(400);
    const text = (await call('GET', `/mesh/clientpacks/${PACK}/files/wireguard`)).bytes.toString();
    expect(text).toContain('Endpoint = one.example.net:1193');
    const { svg, text: shown } = (await call('GET', `/mesh/clientpacks/${PACK}/qr`)).body.response;
    expect(svg).toMatch(/^<svg /);
    expect(shown).toBe(encodeQR(text, 'ascii', { ecc: 'low' }));
    const matrix = encodeQR(text, 'raw', { ecc: 'low', border: 4, scale: 4 });
    const size = matrix.length;
    const data = new Uint8Array(matrix.flat().flatMap((dark) => Array(4).fill(dark ? 0 : 255)));
    expect(decodeQR({ width: size, height: size, data })).toBe(text);
  });
});

describe('controllers as clients see them', { timeout: 30_000 }, () => {
  it('have an address, a weight and a share', async () => {
    await call('PUT', '/peering/self', { id: 1 });
    const { response } = (await call('GET', '/mesh/controllers')).body;
    expect(response[0]).toEqual({
      id: 1,
      self: true,
      client_address: 'one.example.net',
      weight: 100,
      drained: false,
      clients: 0,
      packs_free: 5,
    });
    const set = await call('PUT', '/mesh/controllers/2', { weight: 50 });
    expect(set.body.response[1]).toMatchObject({ weight: 50, client_address: null });
    for (const [id, body] of [
      [2, { weight: 101 }],
      [2, {}],
      [9, { weight: 1 }],
      ['x', { weight: 1 }],
    ] as const)
      expect((await call('PUT', `/mesh/controllers/${id}`, body)).status).toBe(400);
  });

  it('are not drained when nobody else is left', async () => {
    const { status, body } = await call('PUT', '/mesh/controllers/1', { drained: true });
    expect([status, body.error.name]).toEqual([403, 'OperationNotAllowedError']);
    expect((await call('PUT', '/mesh/controllers/1', { drained: false })).status).toBe(200);
  });

  it('keep their share while they might hand it out', async () => {
    expect((await call('POST', '/mesh/controllers/1/take-over-packs')).status).toBe(400);
    expect((await call('POST', '/mesh/controllers/2/take-over-packs')).body.response).toEqual({ taken: 0 });
  });

  it('take a client address in the peering form, or by itself', async () => {
    const save = (client_address?: unknown) =>
      call('PUT', '/mesh/peering', {
        self: 1,
        peers: [],
        ...(client_address !== undefined && { client_address }),
      });
    expect((await save('vpn.example.net')).body.response.client_address).toBe('vpn.example.net');
    expect((await save()).body.response.client_address).toBe('vpn.example.net');
    expect((await save('')).body.response.client_address).toBeNull();
    const bad = await save('127.0.0.1');
    expect([bad.status, bad.body.error.message]).toEqual([
      400,
      expect.stringMatching(/^client_address is invalid/),
    ]);
    for (const client_address of ['a b', 'x;reboot', '[::1]', 'a\nremote evil'])
      expect((await call('PUT', '/mesh/client-address', { client_address })).status).toBe(400);
  });
});
