import { createHash } from 'node:crypto';
import type { Records } from '../mesh/records.ts';
import type { Version } from '../mesh/shared-schema.ts';
import type { Database } from '../store/database.ts';
import { Setting } from '../store/settings.ts';
import type { FirewallService } from './firewall-service.ts';
import {
  byName,
  compareVersions,
  conflictsOf,
  type ItemKind,
  type ItemRecord,
  type SyncConflict,
  winnerOf,
} from './shared-items.ts';
import { type Sharing, sharedGroups, sharedSets, sharedVariables } from './shared-values.ts';

/** The version of an item that stands in our own model, and what it said. */
type Seen = Version & { readonly digest: string };
type SeenItems = Readonly<Record<string, Seen>>;

/** Changes of others within this time are taken as one. */
const COALESCE_MS = 50;
/** What could not be taken, because there is no applier now, is tried again after this. */
const RETRY_MS = 5000;

/**
 * Keeps what operators chose to share the same on all members: sets, variables, rules groups. What changed here since
 * we last looked is written into the records, and what others wrote into our model. A conflict is decided by
 * `winnerOf`; the loser stays visible until somebody writes again.
 */
export class MeshSync {
  readonly #records: Records;
  readonly #firewall: FirewallService;
  readonly #self: () => number | null;
  readonly #seen: Setting<SeenItems>;
  readonly #tell: (text: string) => void;
  #pending: NodeJS.Timeout | null = null;
  #stopped = false;
  #running: Promise<void> = Promise.resolve();

  constructor(parts: {
    db: Database;
    records: Records;
    firewall: FirewallService;
    self: () => number | null;
    tell: (text: string) => void;
  }) {
    this.#records = parts.records;
    this.#firewall = parts.firewall;
    this.#self = parts.self;
    this.#tell = parts.tell;
    this.#seen = new Setting(parts.db, 'firewall.synced');
    parts.firewall.onSettled(() => this.#publish());
    parts.records.onChange((_update, isLocal) => {
      if (!isLocal) this.#soon();
    });
  }

  start(): void {
    this.#publish();
    this.#soon();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#pending) clearTimeout(this.#pending);
    this.#pending = null;
  }

  conflicts(): SyncConflict[] {
    return KINDS.flatMap((sharing) =>
      [...byName(this.#records.all(sharing.kind)).values()].flatMap((records) =>
        conflictsOf(sharing.kind, records),
      ),
    );
  }

  /** Resolves when everything that others wrote by now is in our model. One at a time, in turn. */
  sync(): Promise<void> {
    const turn = this.#running.then(() => this.#adoptAll());
    this.#running = turn.catch(() => undefined);
    return turn;
  }

  #soon(ms = COALESCE_MS): void {
    if (this.#stopped) return;
    this.#pending ??= setTimeout(() => {
      this.#pending = null;
      void this.sync().catch(() => this.#soon(RETRY_MS));
    }, ms);
  }

  /** Writes down what an operator changed here, and takes back what is not shared any more. */
  #publish(): void {
    const by = this.#self();
    if (by === null || this.#firewall.pending) return;
    for (const sharing of KINDS) this.#publishKind(sharing, by);
    this.#soon();
  }

  #publishKind<K extends ItemKind>(sharing: Sharing<K>, by: number): void {
    const { kind } = sharing;
    const records = byName(this.#records.all(kind));
    const values = new Map(
      sharing.values(this.#firewall.model).map((item) => [item.name.toLowerCase(), item]),
    );
    const seen = { ...this.#seen.get() };
    const write = (key: string, name: string, value: ItemRecord<K>['value']) => {
      const known = records.get(key) ?? [];
      const latest = known.reduce((max, each) => Math.max(max, each.at), 0);
      const version = { at: Math.max(Date.now(), latest + 1), by };
      const last = seen[`${kind} ${key}`];
      const basis = last ? { at: last.at, by: last.by } : null;
      this.#records.put(kind, `${key}/${by}`, { name, ...version, basis, value } as never);
      seen[`${kind} ${key}`] = { ...version, digest: digestOf(value) };
    };
    for (const [key, { name, value }] of values)
      if (!records.has(key) || seen[`${kind} ${key}`]?.digest !== digestOf(value)) write(key, name, value);
    for (const [key, known] of records) {
      const last = seen[`${kind} ${key}`];
      if (!values.has(key) && last && last.digest !== digestOf(null)) write(key, winnerOf(known).name, null);
    }
    this.#seen.set(seen);
  }

  async #adoptAll(): Promise<void> {
    for (const sharing of KINDS) await this.#adoptKind(sharing);
  }

  async #adoptKind<K extends ItemKind>(sharing: Sharing<K>): Promise<void> {
    for (const [key, records] of byName(this.#records.all(sharing.kind))) {
      const winner = winnerOf(records);
      const last = this.#seen.get()?.[`${sharing.kind} ${key}`];
      if (last && compareVersions(last, winner) === 0) continue;
      await this.#adopt(sharing, key, winner);
      for (const { loser } of conflictsOf(sharing.kind, records).filter(
        ({ loser }) => loser.by === this.#self(),
      ))
        this.#tell(
          `${sharing.word} ${winner.name}: the change of controller ${winner.by} overrides ours of ${new Date(loser.at).toISOString()}.`,
        );
    }
  }

  async #adopt<K extends ItemKind>(sharing: Sharing<K>, key: string, winner: ItemRecord<K>): Promise<void> {
    const { name, value } = winner as { name: string; value: Parameters<Sharing<K>['put']>[1] | null };
    const seen = this.#seen.get() ?? {};
    const wasHere = seen[`${sharing.kind} ${key}`] !== undefined;
    const note = () =>
      this.#seen.set({
        ...this.#seen.get(),
        [`${sharing.kind} ${key}`]: { at: winner.at, by: winner.by, digest: digestOf(value) },
      });
    if (value === null && !wasHere) return note();
    const edit = value === null ? this.#dropOrKeep(sharing, name) : sharing.put(name, value);
    await this.#firewall.adopt(edit, note);
  }

  /** What is in use here is not taken away: it goes on as this controller's own. */
  #dropOrKeep<K extends ItemKind>(sharing: Sharing<K>, name: string): ReturnType<Sharing<K>['drop']> {
    return (model) => {
      const dropped = sharing.drop(name)(model);
      if (this.#firewall.newProblems(model, dropped).length === 0) return dropped;
      this.#tell(`${sharing.word} ${name} is not shared any more; it is in use here and stays as our own.`);
      return sharing.keep(name)(model);
    };
  }
}

const KINDS = [sharedVariables, sharedSets, sharedGroups] as unknown as readonly Sharing<ItemKind>[];

function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}
