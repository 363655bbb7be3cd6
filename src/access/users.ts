import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { invalid, MeshwrightError } from '../errors/catalogue.ts';
import type { Database } from '../store/database.ts';
import { checkPassword, parseUsername } from './names.ts';
import { isRole, type Role } from './roles.ts';
import { hashPassword, isCheap, matchesHash, NOBODY, type StoredHash } from './scrypt.ts';
import type { StoredTotp } from './totp.ts';

export interface User {
  readonly id: number;
  readonly name: string;
  readonly role: Role;
  readonly disabled: boolean;
  readonly mustChange: boolean;
  readonly hasPassword: boolean;
  readonly totp: StoredTotp | null;
  /** Who vouches for a user of single sign-on, and what it calls him. Nothing else identifies him. */
  readonly identity: { readonly issuer: string; readonly subject: string } | null;
  readonly createdAt: number;
  readonly lastLoginAt: number | null;
}

export interface UserChange {
  readonly name?: string | undefined;
  readonly password?: string | undefined;
  readonly role?: string | undefined;
  readonly disabled?: boolean | undefined;
  readonly mustChange?: boolean | undefined;
}

interface Row {
  readonly id: number;
  readonly name: string;
  readonly role: Role;
  readonly disabled: number;
  readonly must_change: number;
  readonly password: string | null;
  readonly totp: string | null;
  readonly issuer: string | null;
  readonly subject: string | null;
  readonly created_at: number;
  readonly last_login_at: number | null;
}

interface Fields {
  readonly name: string;
  readonly password: string;
}
const FIELDS: Fields = { name: 'name', password: 'password' };

const MAX_WAITING = 16;
const MAX_USERS = 1000;

/** Who may use the console and the API, next to the one password of the API. */
export class Users {
  readonly #db: Database;
  readonly #key = randomBytes(32);
  /** Keyed digests of passwords that were right, so that a program does not pay for scrypt with each request. */
  readonly #known = new Map<number, { salt: string; digest: Buffer }>();
  #checking: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(db: Database) {
    this.#db = db;
  }

  list(): User[] {
    return this.#db.all<Row>('SELECT * FROM user ORDER BY id').map(toUser);
  }

  byId(id: number): User | null {
    const row = this.#db.get<Row>('SELECT * FROM user WHERE id = ?', id);
    return row ? toUser(row) : null;
  }

  byName(name: string): User | null {
    const row = this.#db.get<Row>('SELECT * FROM user WHERE name = ?', name);
    return row ? toUser(row) : null;
  }

  /** The same for callers that name a user: an unknown one is an error. */
  named(name: string): User {
    const user = this.byName(name);
    if (!user) throw new MeshwrightError('USER_UNKNOWN');
    return user;
  }

  byIdentity(issuer: string, subject: string): User | null {
    const row = this.#db.get<Row>('SELECT * FROM user WHERE issuer = ? AND subject = ?', issuer, subject);
    return row ? toUser(row) : null;
  }

  /** Makes a user; `also` happens with it or not at all. */
  async create(
    { name, password, role, mustChange = false }: UserChange & { name: string; password: string },
    fields: Fields = FIELDS,
    also: () => void = () => {},
  ): Promise<User> {
    const parsed = { name: parseUsername(fields.name, name), role: parseRole(role ?? 'viewer') };
    const hash = await hashPassword(checkPassword(fields.password, password));
    return this.#db.transaction(() => {
      also();
      this.#requireFree(parsed.name, null, fields.name);
      const { lastId } = this.#db.run(
        'INSERT INTO user (name, role, must_change, password, created_at) VALUES (?, ?, ?, ?, ?)',
        parsed.name,
        parsed.role,
        Number(mustChange),
        JSON.stringify(hash),
        Date.now(),
      );
      return this.byId(lastId)!;
    });
  }

  /** Makes the user of a foreign identity at his first login, under the nearest name that is free. */
  createForeign(identity: { issuer: string; subject: string }, wanted: string, role: Role): User {
    const base =
      wanted
        .replaceAll(/[^A-Za-z0-9._@-]/g, '-')
        .replace(/^[^A-Za-z0-9]+/, '')
        .slice(0, 56) || 'user';
    return this.#db.transaction(() => {
      let name = base;
      for (let next = 2; name.toLowerCase() === 'api' || this.byName(name); next++) name = `${base}-${next}`;
      const { lastId } = this.#db.run(
        'INSERT INTO user (name, role, issuer, subject, created_at) VALUES (?, ?, ?, ?, ?)',
        parseUsername('name', name),
        role,
        identity.issuer,
        identity.subject,
        Date.now(),
      );
      return this.byId(lastId)!;
    });
  }

  /** Changes all of it or nothing; the last administrator who can log in here stays one. */
  async change(id: number, change: UserChange, fields: Fields = FIELDS): Promise<User> {
    const name = change.name === undefined ? undefined : parseUsername(fields.name, change.name);
    const role = change.role === undefined ? undefined : parseRole(change.role);
    const hash =
      change.password === undefined
        ? undefined
        : JSON.stringify(await hashPassword(checkPassword(fields.password, change.password)));
    return this.#db.transaction(() => {
      const before = this.byId(id);
      if (!before) throw new MeshwrightError('USER_UNKNOWN');
      if (hash !== undefined && before.identity)
        throw new MeshwrightError('USER_IS_FOREIGN', { name: before.name });
      if (name !== undefined) this.#requireFree(name, id, fields.name);
      const mustChange = change.mustChange ?? (hash === undefined ? before.mustChange : false);
      this.#db.run(
        'UPDATE user SET name = ?, role = ?, disabled = ?, must_change = ?, password = coalesce(?, password) WHERE id = ?',
        name ?? before.name,
        role ?? before.role,
        Number(change.disabled ?? before.disabled),
        Number(mustChange),
        hash ?? null,
        id,
      );
      this.#requireAdministrator();
      this.#known.delete(id);
      return this.byId(id)!;
    });
  }

  remove(id: number): void {
    this.#db.transaction(() => {
      this.#db.run('DELETE FROM user WHERE id = ?', id);
      this.#requireAdministrator();
      this.#known.delete(id);
    });
  }

  /** Another text after each change of what somebody may do and of his password; null without him. */
  stampOf(id: number): string | null {
    const row = this.#db.get<Row>('SELECT * FROM user WHERE id = ?', id);
    return row ? `${row.role} ${row.disabled} ${row.password} ${row.totp !== null}` : null;
  }

  setTotp(id: number, totp: StoredTotp | null): void {
    this.#db.run('UPDATE user SET totp = ? WHERE id = ?', totp && JSON.stringify(totp), id);
  }

  setRole(id: number, role: Role): void {
    this.#db.run('UPDATE user SET role = ? WHERE id = ?', role, id);
  }

  noteLogin(id: number): void {
    this.#db.run('UPDATE user SET last_login_at = ? WHERE id = ?', Date.now(), id);
  }

  /** The user whose name and password these are. One slow check at a time: guesses must not take the machine's cores. */
  async verify(name: string, password: string): Promise<User | null> {
    const text = password.normalize('NFC');
    const known = this.#knownAs(name, text);
    if (known) return known;
    if (this.#waiting >= MAX_WAITING) throw new MeshwrightError('TOO_MANY_ATTEMPTS', { seconds: 1 });
    this.#waiting++;
    const check = this.#checking.then(() => this.#verify(name, text));
    this.#checking = check.catch(() => {});
    return check.finally(() => this.#waiting--);
  }

  #knownAs(name: string, password: string): User | null {
    const row = this.#row(name);
    const known = row && this.#known.get(row.id);
    if (!row?.password || row.disabled || !known || known.salt !== hashOf(row).salt) return null;
    return timingSafeEqual(known.digest, this.#digest(password)) ? toUser(row) : null;
  }

  async #verify(name: string, password: string): Promise<User | null> {
    const before = this.#row(name);
    const hash = before?.password ? hashOf(before) : null;
    const right = await matchesHash(password, hash ?? NOBODY);
    // Read again: the user may have been changed while this was computed, and then the old password is over.
    const row = this.#row(name);
    if (!right || !hash || !row?.password || row.disabled || hashOf(row).salt !== hash.salt) return null;
    const salt = isCheap(hash) ? await this.#hashAnew(row, password) : hash.salt;
    if (salt === null) return null;
    this.#known.set(row.id, { salt, digest: this.#digest(password) });
    return toUser(row);
  }

  /**
   * Makes a hash of before as dear as new ones are; null when the password is another by then. Nobody changed
   * anything, so the audit log has nothing to tell.
   */
  async #hashAnew({ id, password: before }: Row, password: string): Promise<string | null> {
    const hash = await hashPassword(password);
    const { changes } = this.#db.unrecorded(() =>
      this.#db.run(
        'UPDATE user SET password = ? WHERE id = ? AND password = ? AND disabled = 0',
        JSON.stringify(hash),
        id,
        before,
      ),
    );
    return changes === 1 ? hash.salt : null;
  }

  #row(name: string): Row | undefined {
    return this.#db.get<Row>('SELECT * FROM user WHERE name = ?', name);
  }

  #digest(password: string): Buffer {
    return createHmac('sha256', this.#key).update(password).digest();
  }

  #requireFree(name: string, own: number | null, field: string): void {
    const other = this.byName(name);
    if (other && other.id !== own) throw invalid(field, `another user has the name ${name}`);
    if (own === null && this.list().length >= MAX_USERS) throw invalid(field, `at most ${MAX_USERS} users`);
  }

  /** Looked at after the change and inside of its transaction, so that two changes at once cannot both pass. */
  #requireAdministrator(): void {
    const one = this.#db.get(
      `SELECT 1 FROM user WHERE role = 'admin' AND disabled = 0 AND password IS NOT NULL`,
    );
    if (!one) throw new MeshwrightError('USER_LAST_ADMIN');
  }
}

const hashOf = (row: Row) => JSON.parse(row.password!) as StoredHash;

function toUser(row: Row): User {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    disabled: row.disabled === 1,
    mustChange: row.must_change === 1,
    hasPassword: row.password !== null,
    totp: row.totp === null ? null : (JSON.parse(row.totp) as StoredTotp),
    identity: row.issuer === null ? null : { issuer: row.issuer, subject: row.subject! },
    createdAt: row.created_at,
    lastLoginAt: row.last_login_at,
  };
}

function parseRole(role: string): Role {
  if (!isRole(role)) throw invalid('role', 'must be admin, operator or viewer', role);
  return role;
}
