import { createServer, type Server } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { postJson } from '../net/post-json.ts';
import { MEMBER_PORT } from '../paths.ts';
import type { Records } from './records.ts';

/** A member's identity from the keyset: PEM texts. */
export interface MemberIdentity {
  readonly id: number;
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

export const memberName = (id: number) => `controller-${id}.mesh.meshwright.internal`;

/** Base64 of a Yjs state vector and, optionally, of an update. */
const SyncBody = Type.Object({
  stateVector: Type.String({ maxLength: 1_000_000 }),
  update: Type.Optional(Type.String({ maxLength: 12_000_000 })),
});
type SyncBody = Static<typeof SyncBody>;

const MAX_BODY = 12 * 1024 * 1024;
const RETRY_LISTEN_MS = 1000;

/**
 * How members exchange shared records: mutual TLS on the overlay address, both ends with certificates from the
 * keyset. Nothing but members can finish the handshake, so there is no login and no route table to protect.
 */
export class MemberChannel {
  readonly #identity: MemberIdentity;
  readonly #address: string;
  readonly #records: Records;
  #server: Server | null = null;
  #retry: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(identity: MemberIdentity, address: string, records: Records) {
    this.#identity = identity;
    this.#address = address;
    this.#records = records;
  }

  /** Listens as soon as the applier has given the machine its overlay address. */
  start(): void {
    const { cert, key, ca } = this.#identity;
    const options = {
      cert,
      key,
      ca,
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.3' as const,
    };
    const server = createServer(options, (request, response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      request.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > MAX_BODY) request.destroy();
        else chunks.push(chunk);
      });
      request.on('end', () => {
        try {
          const peer = (request.socket as TLSSocket).getPeerCertificate();
          if (!/^controller-(\d|10)\./.test(String(peer.subject?.CN ?? ''))) throw new Error('not a member');
          const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
          if (!Value.Check(SyncBody, body)) throw new Error('malformed');
          response.setHeader('content-type', 'application/json');
          response.end(JSON.stringify(this.#answer(body)));
        } catch {
          response.statusCode = 400;
          response.end('{}');
        }
      });
    });
    server.requestTimeout = 15_000;
    server.on('error', () => this.#listenLater());
    server.on('tlsClientError', () => undefined);
    this.#server = server;
    server.listen(MEMBER_PORT, this.#address);
  }

  #listenLater(): void {
    if (this.#stopped) return;
    this.#retry = setTimeout(() => this.#server?.listen(MEMBER_PORT, this.#address), RETRY_LISTEN_MS);
  }

  stop(): void {
    this.#stopped = true;
    if (this.#retry) clearTimeout(this.#retry);
    this.#server?.closeAllConnections();
    this.#server?.close();
  }

  #answer(body: SyncBody): SyncBody {
    if (body.update) this.#records.merge(Buffer.from(body.update, 'base64'));
    return {
      stateVector: encode(this.#records.stateVector()),
      update: encode(this.#records.missingFor(Buffer.from(body.stateVector, 'base64'))),
    };
  }

  /** One full exchange with a member: afterwards both hold everything that either had. */
  async syncWith(peer: number, overlayAddress: string): Promise<void> {
    const { cert, key, ca } = this.#identity;
    const send = (body: SyncBody) =>
      postJson({
        host: overlayAddress,
        port: MEMBER_PORT,
        path: '/records',
        body,
        timeoutMs: 8000,
        tls: { cert, key, ca, servername: memberName(peer) },
      });
    const answer = await send({ stateVector: encode(this.#records.stateVector()) });
    if (!Value.Check(SyncBody, answer))
      throw new Error(`controller ${peer} answered a sync with something else`);
    if (answer.update) this.#records.merge(Buffer.from(answer.update, 'base64'));
    const missing = this.#records.missingFor(Buffer.from(answer.stateVector, 'base64'));
    // Two bytes are an empty update: the other side has it all.
    if (missing.length > 2)
      await send({ stateVector: encode(this.#records.stateVector()), update: encode(missing) });
  }
}

function encode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
