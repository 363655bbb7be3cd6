import { Agent, createServer, type Server } from 'node:https';
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
/** Longer than the time between two reports of a member, so that they share a connection. */
const IDLE_MS = 30_000;

/** Answers what a member posts to one path. `from` is who it is, from its certificate. */
export type MemberHandler = (from: number, body: unknown) => object;

/**
 * How members talk to each other, shared records first of all: mutual TLS on the overlay address, both ends with certificates from the
 * keyset. Nothing but members can finish the handshake, so there is no login and no route table to protect.
 */
export class MemberChannel {
  readonly #identity: MemberIdentity;
  readonly #address: string;
  readonly #records: Records;
  readonly #handlers = new Map<string, MemberHandler>();
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 2, maxFreeSockets: 1 });
  #server: Server | null = null;
  #retry: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(identity: MemberIdentity, address: string, records: Records) {
    this.#identity = identity;
    this.#address = address;
    this.#records = records;
    this.serve('/records', (_, body) => {
      if (!Value.Check(SyncBody, body)) throw new TypeError('malformed');
      return this.#answer(body);
    });
  }

  serve(path: string, handler: MemberHandler): void {
    this.#handlers.set(path, handler);
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
          const handler = this.#handlers.get(request.url ?? '');
          if (!handler) throw new TypeError('nobody answers there');
          const from = memberIdOf(request.socket as TLSSocket);
          const answer = handler(from, JSON.parse(Buffer.concat(chunks).toString('utf8')));
          response.setHeader('content-type', 'application/json');
          response.end(JSON.stringify(answer));
        } catch {
          response.statusCode = 400;
          response.end('{}');
        }
      });
    });
    server.requestTimeout = 15_000;
    server.keepAliveTimeout = IDLE_MS;
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
    this.#agent.destroy();
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

  /** Posts to a member and returns its answer; rejects with a RequestFailure. */
  async post(peer: number, overlayAddress: string, path: string, body: object): Promise<unknown> {
    const { cert, key, ca } = this.#identity;
    return postJson({
      host: overlayAddress,
      port: MEMBER_PORT,
      path,
      body,
      timeoutMs: 8000,
      agent: this.#agent,
      tls: { cert, key, ca, servername: memberName(peer) },
    });
  }

  /** One full exchange with a member: afterwards both hold everything that either had. */
  async syncWith(peer: number, overlayAddress: string): Promise<void> {
    const send = (body: SyncBody) => this.post(peer, overlayAddress, '/records', body);
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

/** Who is at the other end. Nobody but a member gets this far, but a member could be of another kind one day. */
function memberIdOf(socket: TLSSocket): number {
  const { subject } = socket.getPeerCertificate();
  const id = /^controller-(\d|10)\./.exec(String(subject?.CN ?? ''))?.[1];
  if (id === undefined) throw new TypeError('not a member');
  return Number(id);
}

function encode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
