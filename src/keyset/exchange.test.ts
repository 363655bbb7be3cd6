import { createServer as createPlainServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { MeshwrightError } from '../errors/catalogue.ts';
import { controller, fetchFrom, listen, serve, until } from './exchange.fixture.ts';
import { type FetchOptions, fetchKeyset } from './exchange-client.ts';

const TOKEN = 'correct horse battery staple';
const source = controller();

beforeAll(async () => {
  source.accept();
  source.keyset.start({ token: TOKEN, topology_name: 'Lab' });
  await until(() => source.keyset.status().keyset_present);
});

async function failure(port: number, change: Partial<FetchOptions> = {}): Promise<MeshwrightError> {
  const outcome = await fetchFrom(
    port,
    change,
  )({ source: 'c1.example', token: TOKEN }).catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(MeshwrightError);
  expect((outcome as Error).message).not.toContain(TOKEN);
  return outcome as MeshwrightError;
}

describe('keyset exchange', { timeout: 30_000 }, () => {
  it('copies everything to a caller with the token', async () => {
    const server = await serve(source);
    const steps: string[] = [];
    const bundle = await fetchFrom(server.port)({
      source: 'c1',
      token: TOKEN,
      onStep: (step) => steps.push(step),
    });
    expect(bundle).toMatchObject(source.keyset.bundle()!);
    expect(bundle.topologyName).toBe('Lab');
    expect(steps).toEqual(['connecting', 'authenticating', 'transferring', 'verifying']);
    await server.close();
  });

  it('shows a relay that ends TLS neither the token nor any key', async () => {
    const server = await serve(source);
    await fetchFrom(server.port)({ source: 'c1', token: TOKEN });
    const seen = server.seen.join('\n');
    const { keyset, license } = source.keyset.bundle()!;
    const secrets = [
      TOKEN,
      keyset.masterSecret,
      keyset.pake.serverSetup,
      keyset.pake.registrationRecord,
      ...[keyset.memberCa, keyset.clientCa, ...keyset.members, ...keyset.clients].map((i) => i.privateKey),
      ...keyset.clients.map((client) => client.wireguard.privateKey),
    ];
    const encodings = (text: string) => [
      text,
      JSON.stringify(text).slice(1, -1),
      ...['base64', 'base64url', 'hex'].map((e) => Buffer.from(text).toString(e as 'hex')),
    ];
    for (const text of secrets.flatMap(encodings)) expect(seen.includes(text)).toBe(false);
    expect(seen).not.toContain('PRIVATE KEY');
    expect(seen).not.toContain(license.text.split('\n')[9]);
    await server.close();
  });

  it('refuses a wrong token, counts it, and delays the next guesses', async () => {
    const guessed = await serve(source, { ttlMs: 50 });
    for (let guess = 0; guess < 5; guess++) {
      expect((await failure(guessed.port, { token: `guess ${guess}` })).code).toBe('EXCHANGE_WRONG_TOKEN');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await guessed.close();
    // The count is in the store: a controller that was restarted remembers it.
    const server = await serve(source);
    expect(server.attempts.isSuspect('127.0.0.1')).toBe(true);
    const refused = await failure(server.port, { deadlineMs: 2500 });
    expect(refused.code).toBe('TOO_MANY_ATTEMPTS');
    expect(refused.message).toMatch(/Try again in [34] s/);
    // With time enough the client waits its turn, and the right token clears the source.
    await fetchFrom(server.port)({ source: 'c1', token: TOKEN });
    expect(server.attempts.isSuspect('127.0.0.1')).toBe(false);
    await server.close();
  });

  it('survives a guess that cannot be counted: a stranger must not end the process of a full disk', async () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const guessed = await serve(source, { ttlMs: 20 });
    vi.spyOn(guessed.attempts, 'failed').mockImplementation(() => {
      throw new Error('database or disk is full');
    });
    expect((await failure(guessed.port, { token: 'guess' })).code).toBe('EXCHANGE_WRONG_TOKEN');
    await vi.waitFor(() => expect(said.mock.calls.flat().join()).toContain('disk is full'));
    said.mockRestore();
    await guessed.close();
  });

  it('names a source without a keyset', async () => {
    const server = await serve(controller());
    expect((await failure(server.port)).code).toBe('EXCHANGE_NO_KEYSET');
    await server.close();
  });

  it('names another major version, on either side', async () => {
    const server = await serve(source, { version: '7.1.0' });
    const error = await failure(server.port, { ownVersion: '6.0.0' });
    expect(error.message).toContain('The source runs Meshwright 7.1.0 and this controller 6.0.0');
    await server.close();
  });

  it('names a difference of the clocks', async () => {
    const server = await serve(source);
    const error = await failure(server.port, { ownClock: () => Date.now() - 3600_000 });
    expect(error.code).toBe('FETCH_CLOCK_DIFFERENCE');
    expect(error.message).toMatch(/differ by (3600|3599|3601) s/);
    await server.close();
  });

  it('notices an answer that was changed on the way', async () => {
    const flip = (text: string) => text.replace(/"sealed":"(.{40})./, '"sealed":"$1-').replace('-', '_');
    const altered = await serve(source, { tamper: (step, text) => (step === 'finish' ? flip(text) : text) });
    expect((await failure(altered.port)).code).toBe('FETCH_ALTERED');
    await altered.close();
    const downgraded = await serve(source, {
      tamper: (step, text) => (step === 'start' ? text.replace(/"version":"0/, '"version":"0.9') : text),
    });
    expect((await failure(downgraded.port)).code).toBe('FETCH_ALTERED');
    await downgraded.close();
  });

  it('names what answers and is no controller', async () => {
    const json = await listen(async () => '{"error":{"name":"APINotFoundError","log":"","message":"no"}}');
    expect((await failure(json.port)).code).toBe('FETCH_NOT_A_CONTROLLER');
    await json.close();
    const html = await listen(async () => '<html></html>');
    expect((await failure(html.port)).message).toContain('not JSON');
    await html.close();
    const plain = createPlainServer((_, response) => response.end('hello'));
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const { port } = plain.address() as AddressInfo;
    expect((await failure(port)).code).toBe('FETCH_NOT_A_CONTROLLER');
    plain.close();
    expect((await failure(port)).code).toBe('FETCH_REFUSED');
  });

  it('gives up on a source that accepts and says nothing', async () => {
    const silent = await listen(() => new Promise(() => undefined));
    expect((await failure(silent.port, { deadlineMs: 600 })).code).toBe('FETCH_UNREACHABLE');
  });

  it('names a host name that does not exist', async () => {
    const error: unknown = await fetchKeyset({
      source: 'no-such-host.invalid',
      token: TOKEN,
      deadlineMs: 8000,
    }).catch((e) => e);
    expect(['FETCH_NAME_UNKNOWN', 'FETCH_UNREACHABLE']).toContain((error as MeshwrightError).code);
  });

  it('is busy instead of keeping an endless number of open exchanges', async () => {
    const server = await serve(source);
    const seen: string[] = [];
    const startLoginRequest = await startRequestOf(server);
    for (let i = 0; i < 12; i++) {
      const answer = await server.exchange.start(
        { version: '0.1.0', start_login_request: startLoginRequest },
        '192.0.2.1',
      );
      seen.push('refused' in answer ? answer.refused : 'open');
    }
    expect(seen).toEqual([...Array<string>(10).fill('open'), 'EXCHANGE_BUSY', 'EXCHANGE_BUSY']);
    expect(await server.exchange.start({ version: 'x' }, '192.0.2.1')).toMatchObject({
      refused: 'EXCHANGE_MALFORMED',
    });
    expect(
      await server.exchange.start({ version: '0.1.0', start_login_request: 'AAAA' }, '192.0.2.2'),
    ).toMatchObject({ refused: 'EXCHANGE_MALFORMED' });
    expect(
      await server.exchange.finish({ exchange_id: crypto.randomUUID(), finish_login_request: 'AAAA' }),
    ).toMatchObject({ refused: 'EXCHANGE_UNKNOWN' });
    server.exchange.close();
    await server.close();
  });
});

/** A well-formed first message, taken from an exchange that succeeds. */
async function startRequestOf(server: Awaited<ReturnType<typeof serve>>): Promise<string> {
  await fetchFrom(server.port)({ source: 'c1', token: TOKEN });
  return (JSON.parse(server.seen[0]!) as { start_login_request: string }).start_login_request;
}

afterAll(() => source.db.close());
