import { describe, expect, it } from 'vitest';
import { MeshwrightError } from '../errors/catalogue.ts';
import { topologyChecksum } from '../topology/checksum.ts';
import { controller, fetchFrom, serve, until } from './exchange.fixture.ts';
import type { fetchKeyset } from './exchange-client.ts';

const TOKEN = 'a shared secret';
const checksumOf = ({ license, keyset }: ReturnType<typeof controller>) =>
  topologyChecksum({
    licenseSha1: license.sha1(),
    addressing: license.addressing(),
    keysetFingerprint: keyset.fingerprint(),
  });

describe('keyset service', { timeout: 30_000 }, () => {
  it('refuses to generate before there is a licence', () => {
    const { keyset, license } = controller();
    expect(() => keyset.status()).toThrow('Must be licensed first.');
    expect(() => keyset.start({ token: TOKEN })).toThrow('Must be licensed first.');
    expect(license.addressing()).toBeNull();
  });

  it('generates behind the back of the API and announces no restart', async () => {
    const { keyset, accept, restarts, topologyName, db } = controller();
    accept();
    expect(keyset.status()).toEqual({ keyset_present: false, in_progress: false });
    const started = keyset.start({ token: TOKEN, topology_name: 'Lab' });
    expect(started).toMatchObject({ keyset_present: false, in_progress: true, running: 0 });
    expect(() => keyset.start({ token: TOKEN })).toThrow(/^Keyset setup in progress\.$/);
    expect(keyset.status()).toMatchObject({ in_progress: true });
    await until(() => keyset.status().keyset_present);
    expect(keyset.status()).toMatchObject({
      keyset_present: true,
      checksum: keyset.fingerprint(),
      in_progress: false,
    });
    expect(() => keyset.start({ token: TOKEN })).toThrow(/^Keyset already exists\.$/);
    expect(() => keyset.start({ token: TOKEN, source: '192.0.2.1' })).toThrow(/^Keyset already exists\.$/);
    expect(keyset.keyset()!.clients.map((client) => client.address)).toContain('100.127.255.193');
    expect(topologyName.get()).toBe('Lab');
    expect(restarts).toEqual([]);
    const everything = JSON.stringify([db.all('SELECT * FROM setting'), db.all('SELECT * FROM secret')]);
    expect(everything).not.toContain(TOKEN);
  });

  it('checks token and source before anything starts', () => {
    const { keyset } = controller();
    const start = (token: string, source?: string) => () => keyset.start({ token, source });
    expect(start('', '192.0.2.1')).toThrow('token is missing');
    expect(start('x'.repeat(513), '192.0.2.1')).toThrow('token is invalid');
    for (const source of [
      'user@host',
      'host:8000',
      'host/path',
      '999.1.1.1',
      '[2001:db8::1]',
      'https://h',
      'a b',
    ]) {
      expect(start(TOKEN, source)).toThrow('source is invalid');
    }
    expect(() => keyset.status()).toThrow('Must be licensed first.');
  });

  it('fetches everything and keeps answering "in progress" until the listener was closed', async () => {
    const first = controller();
    first.accept();
    first.keyset.start({ token: TOKEN, topology_name: 'Lab' });
    await until(() => first.keyset.keyset() !== null);
    const server = await serve(first);

    const second = controller({ fetch: fetchFrom(server.port) });
    second.keyset.start({ token: TOKEN, source: '192.0.2.1' });
    expect(second.keyset.status()).toMatchObject({ in_progress: true });
    await until(() => second.restarts.length === 1);
    expect(second.keyset.status()).toMatchObject({ keyset_present: false, in_progress: true });
    expect(() => second.keyset.start({ token: TOKEN, source: '192.0.2.1' })).toThrow(
      /^Keyset setup in progress\.$/,
    );
    expect(second.keyset.step()).toBe('restarting');
    second.keyset.completeFetch();
    expect(second.keyset.status()).toEqual(first.keyset.status());
    expect(second.license.show()).toEqual(first.license.show());
    expect(checksumOf(second)).toBe(checksumOf(first));
    expect(second.topologyName.get()).toBe('Lab');
    expect(second.keyset.failure()).toBeNull();

    // Any member can serve, and a restarted controller still has everything.
    const relay = await serve(second);
    const third = controller({ fetch: fetchFrom(relay.port) });
    third.keyset.start({ token: TOKEN, source: 'c2.example', topology_name: 'Own name' });
    await until(() => third.restarts.length === 1);
    expect(third.topologyName.get()).toBe('Own name');
    expect(checksumOf(third)).toBe(checksumOf(first));
    await server.close();
    await relay.close();
  });

  it('names a failed fetch and gives the next attempt a second of its own', async () => {
    const fetch: typeof fetchKeyset = () => Promise.reject(new MeshwrightError('EXCHANGE_WRONG_TOKEN'));
    const now = 1_800_000_000_000;
    const { keyset } = controller({ fetch, now: () => now });
    const first = keyset.start({ token: TOKEN, source: '192.0.2.1' }) as { started_at_i: number };
    await until(() => keyset.failure() !== null);
    expect(keyset.failure()).toMatchObject({ code: 'EXCHANGE_WRONG_TOKEN', at: now / 1000 });
    expect(() => keyset.status()).toThrow('Must be licensed first.');
    const second = keyset.start({ token: TOKEN, source: '192.0.2.1' }) as { started_at_i: number };
    expect(second.started_at_i).toBe(first.started_at_i + 1);
    expect(keyset.failure()).toBeNull();
  });

  it('installs nothing when a part of what it got cannot be used', async () => {
    const source = controller();
    source.accept();
    source.keyset.start({ token: TOKEN });
    await until(() => source.keyset.keyset() !== null);
    const bundle = source.keyset.bundle()!;
    const license = { ...bundle.license, text: bundle.license.text.replace('Clients: 5', 'Clients: 9') };
    const fetch = (async () => ({
      format: 1,
      version: '0.1.0',
      time: 0,
      ...bundle,
      license,
    })) as typeof fetchKeyset;
    const { keyset, license: own, restarts } = controller({ fetch });
    keyset.start({ token: TOKEN, source: '192.0.2.1' });
    await until(() => keyset.failure() !== null);
    expect(keyset.failure()!.message).toContain('The license of 192.0.2.1 cannot be used here. Bad license');
    expect([keyset.keyset(), own.addressing(), own.grant(), restarts.length]).toEqual([null, null, null, 0]);
  });

  it('stays the same when an upgrade brings clients: their credentials are records of the members', async () => {
    const { keyset, accept, upgrade, license } = controller();
    accept(2);
    keyset.start({ token: TOKEN });
    await until(() => keyset.status().keyset_present);
    const before = keyset.keyset();
    upgrade(6);
    expect(license.addressing()!.clients).toHaveLength(6);
    expect(keyset.keyset()).toEqual(before);
  });
});
