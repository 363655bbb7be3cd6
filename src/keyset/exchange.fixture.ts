import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { selfSignedCertificate } from '../api/self-signed.ts';
import { createAuthority, issueLicense, parseAuthority } from '../license/authority.ts';
import { LicenseService } from '../license/license-service.ts';
import { Database } from '../store/database.ts';
import { Setting } from '../store/settings.ts';
import { ExchangeAttempts } from './exchange-attempts.ts';
import { type FetchOptions, fetchKeyset } from './exchange-client.ts';
import { type ExchangeServerOptions, KeysetExchangeServer } from './exchange-server.ts';
import { KeysetService } from './keyset-service.ts';

/** Controllers of tests: the real services over a store in memory. */
export function controller(options: { fetch?: typeof fetchKeyset; now?: () => number } = {}) {
  const db = new Database(':memory:');
  const authority = createAuthority();
  const license = new LicenseService(db, () => [parseAuthority(authority.publicKeyPem)]);
  const restarts: number[] = [];
  const keyset = new KeysetService({ db, license, onFetched: () => restarts.push(1), ...options });
  const accept = (clients = 5) => {
    license.upload(issueLicense({ issuedTo: 'Test', controllers: 3, clients }, authority.privateKeyPem));
    license.acceptParameters({ default: true });
  };
  const upgrade = (clients: number) =>
    license.upgrade(issueLicense({ issuedTo: 'Test', controllers: 3, clients }, authority.privateKeyPem));
  return {
    db,
    license,
    keyset,
    restarts,
    accept,
    upgrade,
    topologyName: new Setting<string>(db, 'config.topology_name'),
  };
}

export async function until(condition: () => boolean, timeoutMs = 15_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('the condition did not become true in time');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Serves a controller's keyset over real HTTPS; `seen` keeps every byte that a TLS-terminating relay would see. */
export async function serve(
  source: ReturnType<typeof controller>,
  options: Partial<ExchangeServerOptions> & { tamper?: (step: string, answer: string) => string } = {},
) {
  const attempts = new ExchangeAttempts(source.db);
  const exchange = new KeysetExchangeServer({ bundle: () => source.keyset.bundle(), attempts, ...options });
  const seen: string[] = [];
  const server = await listen(async (path, body, address) => {
    seen.push(body);
    const parsed: unknown = JSON.parse(body);
    const step = path.split('/').at(-1)!;
    const response = step === 'start' ? await exchange.start(parsed, address) : await exchange.finish(parsed);
    const answer = (options.tamper ?? ((_, text) => text))(step, JSON.stringify({ response }));
    seen.push(answer);
    return answer;
  });
  return { ...server, exchange, attempts, seen };
}

export async function listen(answer: (path: string, body: string, address: string) => Promise<string>) {
  const certificate = await selfSignedCertificate(['127.0.0.1']);
  const server: Server = createServer(certificate, (request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk;
    });
    request.on('end', () => {
      void answer(request.url!, body, request.socket.remoteAddress!).then((text) => response.end(text));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { port, close: () => new Promise((resolve) => server.close(resolve)) };
}

/** A fetch that believes to talk to port 8000 of `source` and reaches a port of this machine. */
export function fetchFrom(port: number, change: Partial<FetchOptions> = {}): typeof fetchKeyset {
  return (options) => fetchKeyset({ ...options, endpoint: { host: '127.0.0.1', port }, ...change });
}
