import { type Agent, request } from 'node:https';
import { type DialGuard, DialRefused, dialGuard } from './dial-guard.ts';

export type FailureKind = 'unreachable' | 'refused' | 'timeout' | 'unresolved' | 'forbidden' | 'nonsense';

/** A request between controllers that did not end in an answer, by kind. */
export class RequestFailure extends Error {
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** Longest answer that is read, in bytes. A keyset with 1,000 clients is below 4 MB; records of 8,192 are some 14. */
const MAX_ANSWER = 25 * 1024 * 1024;

interface PostOptions {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly body: unknown;
  readonly timeoutMs: number;
  /** For the connection alone, its handshake included; `timeoutMs` unless the caller is in more of a hurry. */
  readonly connectMs?: number;
  /** Keeps connections for the next request; without one each request has its own. */
  readonly agent?: Agent;
  /** Where it may go; that of this machine unless the caller says otherwise. */
  readonly guard?: DialGuard;
  readonly tls?: { ca: string; cert: string; key: string; servername: string };
}

/**
 * POSTs JSON to another controller and returns its JSON, of any status. Certificates are self-signed by default, so
 * without `tls` nothing is proven about the far side: callers authenticate inside the payload.
 */
export function postJson(options: PostOptions): Promise<unknown> {
  const text = JSON.stringify(options.body);
  const guard = options.guard ?? dialGuard();
  return new Promise((resolve, reject) => {
    // An address is never looked up, so the guard has to be asked here.
    const refusal = guard.refusal(options.host);
    if (refusal !== null) {
      reject(classify(new DialRefused(options.host, refusal)));
      return;
    }
    const call = request(
      {
        host: options.host,
        port: options.port,
        path: options.path,
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
        minVersion: 'TLSv1.2',
        agent: options.agent ?? false,
        lookup: guard.lookup,
        ...(options.tls ?? { rejectUnauthorized: false }),
      },
      (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > MAX_ANSWER) call.destroy(new RequestFailure('nonsense', 'the answer is too large'));
          else chunks.push(chunk);
        });
        response.on('error', reject);
        response.on('end', () => {
          try {
            resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')));
          } catch {
            reject(new RequestFailure('nonsense', 'the answer is not JSON'));
          }
        });
      },
    );
    const giveUpAfter = (ms: number, what: string) =>
      setTimeout(() => call.destroy(new RequestFailure('timeout', `no ${what} within ${ms / 1000} s`)), ms);
    const timers = [giveUpAfter(options.timeoutMs, 'answer')];
    if (options.connectMs !== undefined) {
      const connecting = giveUpAfter(options.connectMs, 'connection');
      timers.push(connecting);
      call.on('socket', (socket) => socket.once('secureConnect', () => clearTimeout(connecting)));
    }
    call.on('close', () => timers.forEach(clearTimeout));
    call.on('error', (error) => reject(classify(error)));
    call.end(text);
  });
}

function classify(error: NodeJS.ErrnoException): RequestFailure {
  if (error instanceof RequestFailure) return error;
  switch (error.code) {
    case 'EDIALREFUSED':
      return new RequestFailure('forbidden', error.message);
    case 'ECONNREFUSED':
      return new RequestFailure('refused', 'the connection was refused');
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new RequestFailure('unresolved', 'the name could not be resolved');
    case 'ETIMEDOUT':
      return new RequestFailure('timeout', 'the connection timed out');
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ECONNRESET':
      return new RequestFailure('unreachable', 'there is no way to that address');
    default:
      return new RequestFailure('nonsense', error.message);
  }
}
