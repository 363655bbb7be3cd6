import type { FastifyInstance, FastifySchema } from 'fastify';
import { MeshwrightError } from '../errors/catalogue.ts';
import { printable } from '../errors/printable.ts';
import type { Permission } from './permission.ts';

export interface RouteEntry {
  readonly method: string;
  readonly url: string;
  readonly permission: Permission;
  readonly licensed: boolean;
  readonly raw: boolean;
  readonly schema: FastifySchema | undefined;
}

/** Every route of the API: for 405 answers, for the OpenAPI document, and for the tests that walk it. */
export class RouteTable {
  readonly entries: RouteEntry[] = [];

  /** Notes every route that is registered on `app` from now on, and refuses one that declares no permission. */
  watch(app: FastifyInstance): void {
    app.addHook('onRoute', ({ method, url, config, schema }) => {
      if (!config?.permission) throw new Error(`${method} ${url} declares no permission`);
      const { permission, licensed = false, raw = false } = config;
      for (const each of [method].flat())
        this.entries.push({ method: each, url, permission, licensed, raw, schema });
    });
  }

  /** Every permission that some route needs, each once. */
  permissions(): Permission[] {
    const all = this.entries.map(({ permission }) => permission);
    return [...new Set(all)].filter((one) => one !== 'public' && one !== 'local').sort();
  }

  /** The right error for a request that no route answers: another method would do, or nothing is there. */
  unanswered(method: string, path: string): MeshwrightError {
    const allowed = this.#methodsOf(path);
    const shown = printable(path);
    if (allowed.length === 0) return new MeshwrightError('PATH_NOT_FOUND', { method, path: shown });
    return new MeshwrightError('METHOD_NOT_ALLOWED', { method, path: shown, allowed: allowed.join(', ') });
  }

  #methodsOf(path: string): string[] {
    const segments = split(path);
    const methods = this.entries
      .filter(({ url }) => matches(split(url), segments))
      .map(({ method }) => method);
    return [...new Set(methods)].sort();
  }
}

const split = (path: string) => path.split('?')[0]!.split('/').filter(Boolean);

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  if (pattern.at(-1) === '*')
    return (
      segments.length >= pattern.length &&
      matches(pattern.slice(0, -1), segments.slice(0, pattern.length - 1))
    );
  return (
    pattern.length === segments.length &&
    pattern.every((part, at) => part.startsWith(':') || part === segments[at])
  );
}
