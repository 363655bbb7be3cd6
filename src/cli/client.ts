import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { RefusedError, UnreachableError } from './cli-error.ts';
import type { Endpoint } from './endpoint.ts';

export interface CallOptions {
  readonly json?: unknown;
  readonly text?: string;
  readonly timeoutMs?: number;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly bytes: Buffer;
}

/** Talks to one controller's API. Every failure is a `CliError` that says in one line what happened. */
export class Client {
  readonly endpoint: Endpoint;

  constructor(endpoint: Endpoint) {
    this.endpoint = endpoint;
  }

  get<T = unknown>(path: string, options: CallOptions = {}): Promise<T> {
    return this.call<T>('GET', path, options);
  }

  put<T = unknown>(path: string, json?: unknown, options: CallOptions = {}): Promise<T> {
    return this.call<T>('PUT', path, { json, ...options });
  }

  post<T = unknown>(path: string, json?: unknown, options: CallOptions = {}): Promise<T> {
    return this.call<T>('POST', path, { json, ...options });
  }

  delete<T = unknown>(path: string, options: CallOptions = {}): Promise<T> {
    return this.call<T>('DELETE', path, options);
  }

  /** A file, under the name that the controller gives to it. */
  async download(path: string): Promise<{ name: string; bytes: Buffer }> {
    const answer = await this.#send('GET', path, {});
    if (answer.status !== 200) throw refusal(answer, parse(answer.body), this.endpoint.name);
    const [, name] = /filename=([A-Za-z0-9_.-]+)/.exec(answer.headers['content-disposition'] ?? '') ?? [];
    return { name: name ?? 'download', bytes: answer.bytes };
  }

  /** One call. `path` is relative to `/api`; the answer is what the response envelope holds. */
  async call<T = unknown>(method: string, path: string, options: CallOptions = {}): Promise<T> {
    const answer = await this.#send(method, path, options);
    const body = parse(answer.body);
    if (answer.status >= 200 && answer.status < 300) return (body?.response ?? body ?? answer.body) as T;
    throw refusal(answer, body, this.endpoint.name);
  }

  #send(method: string, path: string, { json, text, timeoutMs = 10_000 }: CallOptions): Promise<Answer> {
    const body = text ?? (json === undefined ? undefined : JSON.stringify(json));
    const { endpoint } = this;
    const common = {
      method,
      path: `/api${path}`,
      agent: false as const,
      headers: {
        ...(body === undefined
          ? {}
          : { 'content-type': text === undefined ? 'application/json' : 'text/plain' }),
        ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
        ...(endpoint.kind === 'https' && endpoint.password !== null
          ? { authorization: `Basic ${Buffer.from(`api:${endpoint.password}`).toString('base64')}` }
          : {}),
      },
      signal: AbortSignal.timeout(timeoutMs),
    };
    return new Promise<Answer>((resolve, reject) => {
      const fail = (error: Error) => reject(unreachable(endpoint, error, timeoutMs));
      const receive = (message: IncomingMessage) => {
        const chunks: Buffer[] = [];
        message.on('data', (chunk: Buffer) => chunks.push(chunk));
        message.on('error', fail);
        message.on('end', () => {
          const bytes = Buffer.concat(chunks);
          const status = message.statusCode ?? 0;
          resolve({ status, headers: message.headers, body: bytes.toString(), bytes });
        });
      };
      const request =
        endpoint.kind === 'socket'
          ? httpRequest({ ...common, socketPath: endpoint.path }, receive)
          : httpsRequest(
              // Controllers have self-signed certificates; who wants to know whom they talk to pins the fingerprint.
              { ...common, host: endpoint.host, port: endpoint.port, rejectUnauthorized: false },
              receive,
            );
      request.on('error', fail);
      if (endpoint.kind !== 'https' || endpoint.fingerprint === null) {
        request.end(body);
        return;
      }
      // Nothing of the request, its password least of all, leaves before the certificate was compared.
      const expected = endpoint.fingerprint;
      request.on('socket', (socket) => {
        socket.once('secureConnect', () => {
          const seen = (socket as TLSSocket).getPeerCertificate().fingerprint256 ?? '';
          if (bare(seen) === bare(expected)) request.end(body);
          else
            request.destroy(new Error(`its certificate has the fingerprint ${seen}, not the expected one`));
        });
      });
    });
  }
}

const bare = (fingerprint: string): string => fingerprint.replaceAll(':', '').toLowerCase();

function parse(body: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function refusal(answer: Answer, body: Record<string, unknown> | null, name: string): RefusedError {
  const header = (key: string) => {
    const value = answer.headers[key];
    return typeof value === 'string' ? value : undefined;
  };
  const said = (body?.error as { message?: unknown } | undefined)?.message;
  const words = typeof said === 'string' && said !== '' ? said : `answered with HTTP status ${answer.status}`;
  const field = header('meshwright-field');
  const suffix = field !== undefined && !words.includes(field) ? ` (field ${field})` : '';
  const hint = answer.status === 401 ? ' Check the API password.' : '';
  return new RefusedError(
    answer.status,
    `${name}: ${words}${suffix}${hint}`,
    header('meshwright-error'),
    field,
  );
}

function unreachable(
  endpoint: Endpoint,
  error: Error & { code?: string },
  timeoutMs: number,
): UnreachableError {
  const reasons: Record<string, string> = {
    ECONNREFUSED: 'nothing listens there (not running, or restarting)',
    ENOENT: 'there is no control socket: no controller runs on this machine',
    EACCES: 'only root may use the control socket',
    EHOSTUNREACH: 'the address cannot be reached',
    ENOTFOUND: 'the name does not resolve',
    ECONNRESET: 'the connection was cut',
  };
  const slow = error.name === 'TimeoutError' || error.name === 'AbortError';
  const reason = slow
    ? `no answer within ${timeoutMs / 1000} s`
    : (reasons[error.code ?? ''] ?? error.message);
  return new UnreachableError(`${endpoint.name}: ${reason}`);
}
