import { createHash } from 'node:crypto';
import { invalid, MeshwrightError } from '../errors/catalogue.ts';
import { printable } from '../errors/printable.ts';
import type { Cidr } from '../net/ipv4.ts';
import type { Database } from '../store/database.ts';
import { Setting } from '../store/settings.ts';
import { type ControllerId, parseControllerId } from '../topology/controller-id.ts';
import { DEFAULT_MTU, type PeerRow, parseMtu, parsePeerAddress, sameRow } from './row.ts';

/** Own id and peers, as one value: they are valid or not only together. */
export interface Peering {
  readonly self: ControllerId | null;
  readonly rows: readonly PeerRow[];
}

/** What the licence says about the topology; null while there is none. */
export interface PeeringTopology {
  readonly subnet: Cidr;
  readonly controllers: readonly { readonly id: ControllerId }[];
}

/** A row as a client sends it. Absent members keep what is stored. */
export interface RowChange {
  readonly address?: unknown;
  readonly mtu?: unknown;
}

/**
 * The operator's peering intent. `effective` is what the mesh runs; a change that is not forced waits in a draft,
 * which is shown as the current state and becomes effective with the next forced change.
 */
export class PeeringService {
  readonly #db: Database;
  readonly #topology: () => PeeringTopology | null;
  readonly #self: Setting<ControllerId>;
  readonly #draft: Setting<Peering>;

  constructor(db: Database, topology: () => PeeringTopology | null) {
    this.#db = db;
    this.#topology = topology;
    this.#self = new Setting(db, 'peering.self');
    this.#draft = new Setting(db, 'peering.draft');
  }

  effective(): Peering {
    const rows = this.#db.all<PeerRow>('SELECT id, address, mtu FROM peer ORDER BY id');
    return { self: this.#self.get(), rows };
  }

  /** The state that operators see and edit: the draft where there is one. */
  current(): Peering {
    return this.#draft.get() ?? this.effective();
  }

  /** Changes with what operators see and edit. Whoever replaces it says with this what he had before his eyes. */
  revision(): string {
    const { self, rows } = this.current();
    const content = JSON.stringify([self, ...rows.map(({ id, address, mtu }) => [id, address, mtu])]);
    return createHash('sha256').update(content).digest('hex').slice(0, 16);
  }

  /** Ids whose row, presence or role differs from what the mesh runs. */
  draftIds(): ReadonlySet<ControllerId> {
    const draft = this.#draft.get();
    if (!draft) return new Set();
    const running = this.effective();
    const ids = [...draft.rows, ...running.rows].map(({ id }) => id);
    const changed = ids.filter((id) => !sameRow(rowOf(draft, id), rowOf(running, id)));
    if (draft.self !== running.self) changed.push(...[draft.self, running.self].filter((id) => id !== null));
    return new Set(changed);
  }

  setSelf(value: unknown, force: boolean): void {
    this.#change(force, (state) => {
      const id = this.#licensed(value);
      if (id === null) throw new MeshwrightError('PEER_SELF_INVALID', { field: 'id', why: this.#idRule() });
      if (rowOf(state, id)) {
        const why = `controller ${id} is configured as a peer here; delete that peer first`;
        throw new MeshwrightError('PEER_SELF_INVALID', { field: 'id', why });
      }
      return { ...state, self: id };
    });
  }

  /** Adds a peer. The same call again changes nothing, so that a set-up can be repeated. */
  add(value: unknown, row: RowChange, force: boolean): void {
    this.#change(force, (state) => {
      const id = this.#newId(value, state);
      return withRow(state, this.#row(id, row, rowOf(state, id)));
    });
  }

  /** A controller that joined the mesh. Its row takes effect at once; a draft gets it as well and goes on waiting. */
  addJoined(value: number, change: RowChange): void {
    this.#db.transaction(() => {
      const running = this.effective();
      const id = this.#newId(value, running);
      const row = this.#row(id, change, rowOf(running, id));
      this.#put(withRow(running, row));
      const draft = this.#draft.get();
      if (draft && draft.self !== id) this.#draft.set(withRow(draft, row));
    });
  }

  update(value: unknown, row: RowChange, force: boolean): void {
    this.#change(force, (state) => {
      const id = this.#peerId(value, state);
      return withRow(state, this.#row(id, row, rowOf(state, id)));
    });
  }

  /** Removing a peer that is not set is no error: clients delete every id they see. */
  remove(value: unknown, force: boolean): void {
    this.#change(force, (state) => {
      const id = this.#peerId(value, state);
      return { ...state, rows: state.rows.filter((row) => row.id !== id) };
    });
  }

  /**
   * The whole table at once, or nothing of it. Takes effect immediately and ends any draft. With the `revision` that
   * was read, rows that came meanwhile are not removed unseen.
   */
  replaceAll(
    self: unknown,
    rows: readonly { id: unknown; address: unknown; mtu?: unknown }[],
    revision?: string,
  ): void {
    this.#change(true, () => {
      if (revision !== undefined && revision !== this.revision())
        throw new MeshwrightError('PEERING_CHANGED', { field: 'revision' });
      const ownId = this.#licensed(self);
      if (ownId === null) throw invalid('self', this.#idRule(), self);
      const parsed = rows.map((row, index): PeerRow => {
        const at = `peers[${index}]`;
        const id = this.#licensed(row.id);
        if (id === null) throw invalid(`${at}.id`, this.#idRule(), row.id);
        if (id === ownId)
          throw invalid(`${at}.id`, `controller ${id} is this instance and cannot be its own peer`);
        if (rows.findIndex((other) => parseControllerId(other.id) === id) < index) {
          throw invalid(`${at}.id`, `controller ${id} is listed twice`);
        }
        return this.#row(id, row, undefined, `${at}.`);
      });
      return { self: ownId, rows: parsed.sort((a, b) => a.id - b.id) };
    });
  }

  #change(force: boolean, edit: (state: Peering) => Peering): void {
    this.#db.transaction(() => {
      const next = edit(this.current());
      if (!force) return this.#draft.set(next);
      this.#draft.clear();
      this.#put(next);
    });
  }

  #put({ self, rows }: Peering): void {
    if (self !== null) this.#self.set(self);
    this.#db.run('DELETE FROM peer');
    for (const { id, address, mtu } of rows) {
      this.#db.run('INSERT INTO peer (id, address, mtu) VALUES (?, ?, ?)', id, address, mtu);
    }
  }

  #row(id: ControllerId, change: RowChange, stored: PeerRow | undefined, prefix = ''): PeerRow {
    const [addressField, mtuField] = prefix ? [`${prefix}address`, `${prefix}mtu`] : ['name', 'overlay_mtu'];
    const overlay = this.#topology()?.subnet ?? null;
    const given = change.address === undefined || change.address === '' ? undefined : change.address;
    const address = given === undefined ? stored?.address : parsePeerAddress(given, overlay, addressField);
    if (address === undefined) throw new MeshwrightError('ARGUMENT_MISSING', { field: addressField });
    const unset = change.mtu === undefined || change.mtu === null || change.mtu === '';
    return { id, address, mtu: unset ? (stored?.mtu ?? DEFAULT_MTU) : parseMtu(change.mtu, mtuField) };
  }

  #newId(value: unknown, { self }: Peering): ControllerId {
    const id = this.#licensed(value);
    const refuse = (why: string) =>
      new MeshwrightError('PEER_NEW_ID_INVALID', { field: 'id', id: printable(value), why });
    if (id === null) throw refuse(this.#idRule());
    if (id === self) throw refuse('it is this controller itself');
    return id;
  }

  #peerId(value: unknown, state: Peering): ControllerId {
    const id = this.#licensed(value);
    if (id === null || id === state.self) {
      throw new MeshwrightError('PEER_ID_INVALID', { field: 'peer_id', id: printable(value) });
    }
    return id;
  }

  #licensed(value: unknown): ControllerId | null {
    const id = parseControllerId(value);
    return id !== null && this.#topology()?.controllers.some((controller) => controller.id === id)
      ? id
      : null;
  }

  #idRule(): string {
    const ids = this.#topology()?.controllers.map(({ id }) => id) ?? [];
    return ids.length ? `the licence has controllers ${ids[0]} to ${ids.at(-1)}` : 'there is no licence yet';
  }
}

function rowOf(state: Peering, id: ControllerId): PeerRow | undefined {
  return state.rows.find((row) => row.id === id);
}

function withRow(state: Peering, row: PeerRow): Peering {
  return {
    ...state,
    rows: [...state.rows.filter(({ id }) => id !== row.id), row].sort((a, b) => a.id - b.id),
  };
}
