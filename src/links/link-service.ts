import { parseTagKey, parseTagValue } from '../clientpack/pack-name.ts';
import { invalid, MeshwrightError } from '../errors/catalogue.ts';
import { printable } from '../errors/printable.ts';
import type { Database } from '../store/database.ts';
import { Setting } from '../store/settings.ts';
import { type LinkConf, parseLinkConf } from './link-conf.ts';

export interface ForeignLink {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly wanted: boolean;
  readonly policies: readonly string[];
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  readonly conf: LinkConf;
}

interface Row {
  id: number;
  name: string;
  description: string;
  conf: string;
  wanted: number;
  policies: string;
  tags: string;
}

interface NewLink {
  readonly id: unknown;
  readonly name: string;
  readonly conf: string;
  readonly description?: string | undefined;
  readonly policies?: readonly string[] | undefined;
}

const MAX_LINKS = 64;
const MAX_POLICIES = 100;

/**
 * Links: clientpacks of other topologies that this controller should join as a client. They are kept and shown;
 * no engine runs them yet, and their state says so. Node-local, like everything that is about one machine.
 */
export class LinkService {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  list(): ForeignLink[] {
    return this.#db.all<Row>('SELECT * FROM foreign_link ORDER BY id').map(fromRow);
  }

  get(id: unknown): ForeignLink {
    const number = typeof id === 'string' && /^\d{1,9}$/.test(id) ? Number(id) : id;
    const row =
      typeof number === 'number' && Number.isInteger(number)
        ? this.#db.get<Row>('SELECT * FROM foreign_link WHERE id = ?', number)
        : undefined;
    if (!row) throw new MeshwrightError('LINK_UNKNOWN', { id: printable(id) });
    return fromRow(row);
  }

  create({ id, name, conf, description = '', policies = [] }: NewLink): ForeignLink {
    const number = typeof id === 'string' && /^\d{1,9}$/.test(id) ? Number(id) : id;
    if (typeof number !== 'number' || !Number.isInteger(number) || number < 1 || number > 2 ** 31 - 1)
      throw invalid('id', 'must be a whole number from 1 on', id);
    if (this.list().some((link) => link.id === number))
      throw new MeshwrightError('LINK_EXISTS', { field: 'id', id: number });
    if (this.list().length >= MAX_LINKS) throw invalid('id', `a controller keeps at most ${MAX_LINKS} links`);
    checkTexts({ name, description, policies });
    parseLinkConf(conf);
    this.#db.run(
      `INSERT INTO foreign_link (id, name, description, conf, wanted, policies, tags) VALUES (?, ?, ?, ?, 1, ?, '[]')`,
      number,
      name,
      description,
      conf,
      JSON.stringify(policies),
    );
    return this.get(number);
  }

  update(
    id: unknown,
    change: { name?: string; description?: string; connected?: boolean; policies?: readonly string[] },
  ): ForeignLink {
    const link = this.get(id);
    const { name = link.name, description = link.description, policies = link.policies } = change;
    checkTexts({ name, description, policies });
    this.#db.run(
      'UPDATE foreign_link SET name = ?, description = ?, wanted = ?, policies = ? WHERE id = ?',
      name,
      description,
      (change.connected ?? link.wanted) ? 1 : 0,
      JSON.stringify(policies),
      link.id,
    );
    return this.get(link.id);
  }

  remove(id: unknown): ForeignLink {
    const link = this.get(id);
    this.#db.run('DELETE FROM foreign_link WHERE id = ?', link.id);
    return link;
  }

  setTag(id: unknown, key: unknown, value: unknown): ForeignLink {
    const link = this.get(id);
    const tag = { key: parseTagKey(key), value: parseTagValue(value) };
    return this.#setTags(link, [...link.tags.filter((other) => other.key !== tag.key), tag]);
  }

  removeTag(id: unknown, key: string): ForeignLink {
    const link = this.get(id);
    if (!link.tags.some((tag) => tag.key === key))
      throw new MeshwrightError('LINK_TAG_UNKNOWN', { key: printable(key) });
    return this.#setTags(
      link,
      link.tags.filter((tag) => tag.key !== key),
    );
  }

  /** Policies of all links of a type, one a line. */
  globalPolicies(type: 'openvpn' | 'wireguard'): string {
    return (this.#policies(type).get() ?? []).join('\n');
  }

  setGlobalPolicies(type: 'openvpn' | 'wireguard', policies: readonly string[]): string {
    checkTexts({ name: type, description: '', policies });
    this.#policies(type).set([...policies]);
    return this.globalPolicies(type);
  }

  #policies(type: string): Setting<string[]> {
    return new Setting(this.#db, `links.global_policies.${type}`);
  }

  #setTags(link: ForeignLink, tags: readonly object[]): ForeignLink {
    this.#db.run('UPDATE foreign_link SET tags = ? WHERE id = ?', JSON.stringify(tags), link.id);
    return this.get(link.id);
  }
}

function fromRow(row: Row): ForeignLink {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    wanted: row.wanted === 1,
    policies: JSON.parse(row.policies) as string[],
    tags: JSON.parse(row.tags) as { key: string; value: string }[],
    conf: parseLinkConf(row.conf),
  };
}

function checkTexts(link: { name: string; description: string; policies: readonly string[] }): void {
  const isLine = (text: string, max: number) => text.length <= max && !/[\p{Cc}\u2028\u2029]/u.test(text);
  if (link.name.trim() === '' || !isLine(link.name, 64))
    throw invalid('name', 'must be 1 to 64 characters of text', link.name);
  if (!isLine(link.description, 255))
    throw invalid('description', 'must be one line of at most 255 characters');
  if (link.policies.length > MAX_POLICIES || !link.policies.every((policy) => isLine(policy, 255)))
    throw invalid('policies', `must be at most ${MAX_POLICIES} lines of at most 255 characters`);
}
