import { request } from 'node:https';
import { type DialGuard, DialRefused, dialGuard } from './dial-guard.ts';

const TIMEOUT_MS = 10_000;
const MAX_ANSWER = 1 << 20;

interface Options {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface FetchGuard {
  readonly guard?: DialGuard;
  /** Authorities besides those of the system, in PEM. */
  readonly ca?: string | undefined;
}

/**
 * A `fetch` for libraries that take one: https only, never to an address that the guard refuses, bounded in time and
 * size, and without following redirects, which could lead where nobody checked.
 */
export function guardedFetch({ guard = dialGuard(), ca }: FetchGuard = {}) {
  return (target: string | URL, { method = 'GET', headers = {}, body }: Options = {}): Promise<Response> => {
    const url = new URL(target);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const text = body === undefined || body === null ? undefined : String(body);
    return new Promise((resolve, reject) => {
      if (url.protocol !== 'https:') return reject(new DialRefused(url.origin, 'not reached by https'));
      const refusal = guard.refusal(host);
      if (refusal !== null) return reject(new DialRefused(host, refusal));
      const call = request(
        url,
        {
          method,
          headers: { ...headers },
          agent: false,
          lookup: guard.lookup,
          minVersion: 'TLSv1.2',
          ...(ca && { ca }),
        },
        (answer) => {
          const chunks: Buffer[] = [];
          let size = 0;
          answer.on('data', (chunk: Buffer) => {
            size += chunk.length;
            if (size > MAX_ANSWER) call.destroy(new Error('the answer is too large'));
            else chunks.push(chunk);
          });
          answer.on('error', reject);
          answer.on('end', () => {
            const status = answer.statusCode ?? 502;
            const isEmpty = status === 204 || status === 304;
            const type = answer.headers['content-type'];
            const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
            resolve(new Response(isEmpty ? null : Buffer.concat(chunks), { status, headers }));
          });
        },
      );
      const timer = setTimeout(() => call.destroy(new Error('no answer in time')), TIMEOUT_MS);
      call.on('close', () => clearTimeout(timer));
      call.on('error', reject);
      call.end(text);
    });
  };
}
