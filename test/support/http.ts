import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { type Agent, request } from 'node:https';
import { API_PORT } from '../../src/paths.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly reason: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly bytes: Buffer;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly json: any;
}

interface Options {
  readonly method?: string;
  readonly path: string;
  readonly password?: string | null;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  readonly agent?: Agent;
  readonly timeoutMs?: number;
  /** Sends `body` and never the rest that a larger `content-length` announces. */
  readonly isUnfinished?: boolean;
}

/** One request exactly as given: unlike the product's client it adds no header and hides no status. */
export function http(host: string, options: Options): Promise<HttpAnswer> {
  const {
    method = 'GET',
    path,
    password = null,
    headers = {},
    body,
    agent,
    timeoutMs = 10_000,
    isUnfinished = false,
  } = options;
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host,
        port: API_PORT,
        method,
        path,
        agent: agent ?? false,
        rejectUnauthorized: false,
        headers: {
          ...(password === null
            ? {}
            : { authorization: `Basic ${Buffer.from(`api:${password}`).toString('base64')}` }),
          ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
          ...headers,
        },
        signal: AbortSignal.timeout(timeoutMs),
      },
      (message) => {
        const chunks: Buffer[] = [];
        message.on('data', (chunk: Buffer) => chunks.push(chunk));
        message.on('error', reject);
        message.on('end', () => {
          if (isUnfinished) call.destroy();
          const bytes = Buffer.concat(chunks);
          const text = bytes.toString('utf8');
          const status = message.statusCode ?? 0;
          const reason = message.statusMessage ?? '';
          resolve({ status, reason, headers: message.headers, text, bytes, json: parsed(text) });
        });
      },
    );
    call.on('error', reject);
    if (isUnfinished) call.write(body);
    else call.end(body);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a client that only looks whether the port answers sees: a status, or the error's code. */
export async function knock(host: string, options: Options): Promise<number | string> {
  try {
    return (await http(host, { timeoutMs: 2000, ...options })).status;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? (error as Error).message;
  }
}
