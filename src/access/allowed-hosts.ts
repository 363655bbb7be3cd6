import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { invalid } from '../errors/catalogue.ts';
import { printable } from '../errors/printable.ts';
import { parseHost } from '../net/host.ts';
import type { Database } from '../store/database.ts';
import { Setting } from '../store/settings.ts';

const MAX_NAMES = 16;

/**
 * The names under which browsers may use the console. A page of a foreign name that is made to resolve to this
 * machine (DNS rebinding) would count as our own page otherwise; an address cannot be rebound.
 */
export class AllowedHosts {
  readonly #names: Setting<string[]>;
  readonly #certificate: () => string | null;

  /** `certificate` is the PEM text of the API's certificate: who could install it owns the names in it. */
  constructor(db: Database, certificate: () => string | null) {
    this.#names = new Setting(db, 'ui.hosts');
    this.#certificate = certificate;
  }

  /** Whether a `Host` header, port included, names this machine. */
  allows(header: string | undefined): boolean {
    const host = hostOf(header);
    if (host === null) return false;
    if (isIP(host) !== 0 || host === 'localhost') return true;
    return [...this.names(), ...this.builtIn()].some((name) => covers(name, host));
  }

  /** What an operator added. */
  names(): string[] {
    return this.#names.get() ?? [];
  }

  /** The machine's own name and those of the certificate. */
  builtIn(): string[] {
    return [...new Set([hostname().toLowerCase(), ...certificateNames(this.#certificate())])];
  }

  set(names: readonly string[]): void {
    if (names.length > MAX_NAMES) throw invalid('hosts', `at most ${MAX_NAMES} names`);
    const parsed = names.map((name) => {
      const host = parseHost(name);
      if (host.kind === 'invalid') throw invalid('hosts', `"${printable(name)}" ${host.why}`);
      if (host.kind !== 'name')
        throw invalid('hosts', `${host.text} is an address: those are always allowed`);
      return host.text.toLowerCase().replace(/\.$/, '');
    });
    this.#names.set([...new Set(parsed)]);
  }
}

function hostOf(header: string | undefined): string | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/i.exec(header ?? '');
  return (match?.[1] ?? match?.[2])?.toLowerCase().replace(/\.$/, '') ?? null;
}

/** A wildcard stands for one label, as it does in certificates. */
function covers(name: string, host: string): boolean {
  if (!name.startsWith('*.')) return name === host;
  const dot = host.indexOf('.');
  return dot > 0 && host.slice(dot) === name.slice(1);
}

function certificateNames(pem: string | null): string[] {
  if (pem === null) return [];
  try {
    const names = new X509Certificate(pem).subjectAltName ?? '';
    return [...names.matchAll(/DNS:([^,\s"]+)/g)].map((match) => match[1]!.toLowerCase());
  } catch {
    return [];
  }
}
