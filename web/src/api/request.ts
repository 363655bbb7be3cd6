import { toApiError, Unreachable } from './error.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

const listeners = new Set<() => void>();

/** Calls back when a request was refused because nobody is logged in. */
export function onUnauthorized(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** One request to the API. A string is sent as plain text, anything else as JSON. */
export async function request<T>(method: Method, path: string, body?: unknown): Promise<T> {
  const response = await send(method, path, body);
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  const content: unknown = isJson ? await response.json().catch(() => null) : null;
  if (response.ok) return (content as { response: T }).response;
  // A wrong password at login is an answer like any other; everywhere else the session is over.
  if (response.status === 401 && !path.startsWith('/session')) for (const listener of listeners) listener();
  throw toApiError(response.status, response.headers, content);
}

async function send(method: Method, path: string, body: unknown): Promise<Response> {
  const isText = typeof body === 'string';
  const init: RequestInit = { method, credentials: 'same-origin', cache: 'no-store' };
  if (body !== undefined) {
    init.headers = { 'content-type': isText ? 'text/plain' : 'application/json' };
    init.body = isText ? body : JSON.stringify(body);
  }
  try {
    return await fetch(`/api${path}`, init);
  } catch {
    throw new Unreachable();
  }
}
