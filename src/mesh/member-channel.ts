import { Agent, createServer, type Server } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { DialGuard } from '../net/dial-guard.ts';
import { postJson } from '../net/post-json.ts';
import { MEMBER_PORT } from '../paths.ts';
import { type ControllerId, parseControllerId } from '../topology/controller-id.ts';
import {
  type AnswerTo,
  type Ask,
  type MemberRequests,
  type RequestKind,
  readAnswer,
} from './member-requests.ts';
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
  update: Type.Optional(Type.String({ maxLength: 24_000_000 })),
});
type SyncBody = Static<typeof SyncBody>;

const MAX_BODY = 25 * 1024 * 1024;
const SYNC_TIMEOUT_MS = 8000;
/** Long enough for a lost first packet, which is sent again after a second. */
const SYNC_CONNECT_MS = 1800;
const RETRY_LISTEN_MS = 1000;
/** Longer than the time between two reports of a member, so that they share a connection. */
const IDLE_MS = 30_000;

/**
 * How members exchange shared records and ask each other (`/records`, `/ask/<request>`): mutual TLS on the overlay
 * address, both ends with certificates from the keyset. Nothing but members can finish the handshake, so there is no
 * login and no route table to protect.
 */
export class MemberChannel {
  readonly #identity: MemberIdentity;
  readonly #address: string;
  readonly #records: Records;
  readonly #requests: MemberRequests;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 2, maxFreeSockets: 1 });
  #server: Server | null = null;
  #retry: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(identity: MemberIdentity, address: string, records: Records, requests: MemberRequests) {
    this.#identity = identity;
    this.#address = address;
    this.#records = records;
    this.#requests = requests;
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
        const text = Buffer.concat(chunks).toString('utf8');
        this.#answerTo(request.url ?? '', text, request.socket as TLSSocket).then(
          (answer) => {
            response.setHeader('content-type', 'application/json');
            response.end(JSON.stringify(answer));
          },
          () => {
            response.statusCode = 400;
            response.end('{}');
          },
        );
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

  async #answerTo(path: string, text: string, socket: TLSSocket): Promise<unknown> {
    const from = memberOf(socket);
    const body: unknown = JSON.parse(text);
    const [, kind] = /^\/ask\/([A-Za-z]+)$/.exec(path) ?? [];
    if (kind !== undefined) return this.#requests.answer(kind, body, from);
    if (!Value.Check(SyncBody, body)) throw new Error('malformed');
    return this.#answer(body);
  }

  #answer(body: SyncBody): SyncBody {
    if (body.update) this.#records.merge(Buffer.from(body.update, 'base64'));
    return {
      stateVector: encode(this.#records.stateVector()),
      update: encode(this.#records.missingFor(Buffer.from(body.stateVector, 'base64'))),
    };
  }

  /** Asks a member for something that only it can do. Rejects with its refusal, or when it does not answer. */
  async ask<K extends RequestKind>(
    kind: K,
    member: { id: number; overlayAddress: string },
    body: Ask<K>,
    timeoutMs: number,
  ): Promise<AnswerTo<K>> {
    // Reports come again by themselves, so they may use a connection that has died with a link.
    const answer = await this.#post(member, `/ask/${kind}`, body, { timeoutMs, isKept: kind === 'links' });
    return readAnswer(kind, answer);
  }

  /**
   * A connection of its own unless `isKept`: whoever exchanges records after a cut, or waits for an answer, must not wait
   * for a dead one to time out.
   */
  #post(
    { id, overlayAddress }: { id: number; overlayAddress: string },
    path: string,
    body: unknown,
    { isKept, ...limits }: { timeoutMs: number; connectMs?: number; isKept: boolean },
  ): Promise<unknown> {
    const { cert, key, ca } = this.#identity;
    const tls = { cert, key, ca, servername: memberName(id) };
    // Where a member is says the licence's addressing, and nobody who types.
    const guard = new DialGuard([overlayAddress]);
    const kept = isKept ? { agent: this.#agent } : {};
    return postJson({ host: overlayAddress, port: MEMBER_PORT, path, body, ...limits, ...kept, guard, tls });
  }

  /**
   * One full exchange with a member: afterwards both hold everything that either had. One that nothing calls for but the time
   * (`isRoutine`) uses a connection that is there already, and is given up as soon as a new one would be.
   */
  async syncWith(peer: number, overlayAddress: string, isRoutine = false): Promise<void> {
    const how = isRoutine
      ? { timeoutMs: SYNC_CONNECT_MS, isKept: true }
      : { timeoutMs: SYNC_TIMEOUT_MS, connectMs: SYNC_CONNECT_MS, isKept: false };
    const send = (body: SyncBody) => this.#post({ id: peer, overlayAddress }, '/records', body, how);
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

const proven = new WeakMap<TLSSocket, ControllerId>();

/** Whose certificate it is that finished the handshake. Reading one costs more than most requests, so each is read once. */
function memberOf(socket: TLSSocket): ControllerId {
  const known = proven.get(socket);
  if (known !== undefined) return known;
  const [, id] = /^controller-(\d{1,2})\./.exec(String(socket.getPeerCertificate().subject?.CN ?? '')) ?? [];
  const member = id === undefined ? null : parseControllerId(Number(id));
  if (member === null) throw new Error('not a member');
  proven.set(socket, member);
  return member;
}

function encode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
