import { invalid } from '../errors/catalogue.ts';
import { printable } from '../errors/printable.ts';
import { parseHost } from '../net/host.ts';
import type { Database } from '../store/database.ts';
import { Setting } from '../store/settings.ts';

export interface NamesChange {
  readonly topologyName?: string | undefined;
  readonly controllerName?: string | undefined;
  /** Hosts separated by spaces; replaces the list. */
  readonly ntpHosts?: string | undefined;
}

const MAX_NAME = 255;
const MAX_NTP_HOSTS = 16;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
const CONTROL = /[\u0000-\u001f\u007f]/;

/** What an operator calls this controller and its topology, and where it takes its time from. */
export class Names {
  readonly #topologyName: Setting<string>;
  readonly #controllerName: Setting<string>;
  readonly #ntpHosts: Setting<string[]>;
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
    this.#topologyName = new Setting(db, 'config.topology_name');
    this.#controllerName = new Setting(db, 'names.controller');
    this.#ntpHosts = new Setting(db, 'names.ntp');
  }

  topologyName(): string {
    return this.#topologyName.get() ?? '';
  }

  controllerName(): string {
    return this.#controllerName.get() ?? '';
  }

  ntpHosts(): string[] {
    return this.#ntpHosts.get() ?? [];
  }

  /** Stores all of the change or nothing of it. Says whether the data plane has to follow. */
  change(change: NamesChange): { apply: boolean } {
    const topology =
      change.topologyName === undefined ? null : parseName('topology_name', change.topologyName);
    const controller =
      change.controllerName === undefined ? null : parseName('controller_name', change.controllerName);
    const hosts = change.ntpHosts === undefined ? null : parseNtpHosts(change.ntpHosts);
    this.#db.transaction(() => {
      if (topology !== null) this.#topologyName.set(topology);
      if (controller !== null) this.#controllerName.set(controller);
      if (hosts !== null) this.#ntpHosts.set(hosts);
    });
    return { apply: hosts !== null };
  }
}

function parseName(field: string, text: string): string {
  if (text.length > MAX_NAME) throw invalid(field, `must have at most ${MAX_NAME} characters`);
  if (CONTROL.test(text)) throw invalid(field, 'must not hold control characters or line breaks');
  return text;
}

function parseNtpHosts(text: string): string[] {
  const hosts = [...new Set(text.split(/[\s,]+/).filter(Boolean))];
  if (hosts.length > MAX_NTP_HOSTS) throw invalid('ntp_hosts', `at most ${MAX_NTP_HOSTS} hosts`);
  for (const host of hosts) {
    const { why } = parseHost(host);
    if (why) throw invalid('ntp_hosts', `"${printable(host)}" ${why}`);
  }
  return hosts;
}
