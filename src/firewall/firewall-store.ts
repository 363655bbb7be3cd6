import type { FirewallTest } from '../desired/firewall.ts';
import type { Database } from '../store/database.ts';
import { Setting } from '../store/settings.ts';
import {
  EMPTY_MODEL,
  type FirewallModel,
  type FirewallSettings,
  type FwSet,
  type Group,
  type Rule,
  type SetEntry,
  type SetType,
  type Subtable,
  type Variable,
} from './model.ts';

interface RuleRow {
  readonly id: string;
  readonly subtable: string | null;
  readonly text: string;
  readonly comment: string;
  readonly groups: string;
  readonly disabled: number;
  readonly created_at: number;
  readonly wanted: number | null;
}
type Named = { readonly name: string; readonly description: string };
type Times = { readonly created_at: number; readonly updated_at: number };
type Synced = { readonly sync_mesh: number };

/** The model's tables. Reads and writes the whole model; what did not change is not written again. */
export class FirewallStore {
  readonly #db: Database;
  readonly #tests: Setting<readonly FirewallTest[]>;
  readonly #settings: Setting<FirewallSettings>;
  #model: FirewallModel;

  constructor(db: Database) {
    this.#db = db;
    this.#tests = new Setting(db, 'firewall.tests');
    this.#settings = new Setting(db, 'firewall.settings');
    this.#model = this.#read();
  }

  get model(): FirewallModel {
    return this.#model;
  }

  /** Replaces the stored model in one transaction, together with what `also` writes. */
  save(next: FirewallModel, also: () => void = () => undefined): void {
    const before = this.#model;
    this.#db.transaction(() => {
      if (next.rules !== before.rules || next.subtables !== before.subtables) this.#writeRules(next);
      if (next.groups !== before.groups) this.#writeGroups(next.groups);
      if (next.sets !== before.sets) this.#writeSets(next.sets);
      if (next.variables !== before.variables) this.#writeVariables(next.variables);
      if (next.tests !== before.tests) this.#tests.set(next.tests);
      if (next.settings !== before.settings) this.#settings.set(next.settings);
      also();
    });
    this.#model = next;
  }

  #read(): FirewallModel {
    const db = this.#db;
    const rows = db.all<RuleRow>('SELECT * FROM firewall_rule ORDER BY position');
    const entries = db.all<{ set_name: string; entry: string; comment: string; created_at: number }>(
      'SELECT * FROM firewall_set_entry ORDER BY set_name, position',
    );
    const subtables = db.all<Named & Times & { type: string }>(
      'SELECT * FROM firewall_subtable ORDER BY position',
    );
    const sets = db.all<Named & Times & Synced & { type: SetType }>(
      'SELECT * FROM firewall_set ORDER BY position',
    );
    const entriesOf = Map.groupBy(entries, (entry) => entry.set_name);
    const rulesOf = Map.groupBy(rows, (row) => row.subtable);
    const rules = (table: string | null) => (rulesOf.get(table) ?? []).map(toRule);
    return {
      rules: rules(null),
      groups: db
        .all<Named & Synced>('SELECT * FROM firewall_group ORDER BY position')
        .map(({ name, description, sync_mesh }) => ({ name, description, syncMesh: sync_mesh === 1 })),
      subtables: subtables.map(({ name, type, description, created_at, updated_at }) => ({
        name,
        type,
        description,
        createdAt: created_at,
        updatedAt: updated_at,
        rules: rules(name),
      })),
      sets: sets.map(({ name, type, description, sync_mesh, created_at, updated_at }) => ({
        name,
        type,
        description,
        syncMesh: sync_mesh === 1,
        createdAt: created_at,
        updatedAt: updated_at,
        entries: (entriesOf.get(name) ?? []).map(
          (row): SetEntry => ({ entry: row.entry, comment: row.comment, createdAt: row.created_at }),
        ),
      })),
      variables: db
        .all<Named & Synced & { value: string }>('SELECT * FROM variable ORDER BY position')
        .map(({ name, value, description, sync_mesh }) => ({
          name,
          value,
          description,
          syncMesh: sync_mesh === 1,
        })),
      tests: this.#tests.get() ?? EMPTY_MODEL.tests,
      settings: this.#settings.get() ?? EMPTY_MODEL.settings,
    };
  }

  #writeRules({ rules, subtables }: FirewallModel): void {
    this.#db.run('DELETE FROM firewall_rule');
    this.#db.run('DELETE FROM firewall_subtable');
    const insert = this.#db.prepared(
      `INSERT INTO firewall_rule (id, subtable, position, text, comment, groups, disabled, created_at, wanted)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    const write = (table: string | null) => (rule: Rule, position: number) =>
      insert(
        rule.id,
        table,
        position,
        rule.text,
        rule.comment,
        JSON.stringify(rule.groups),
        Number(rule.disabled),
        rule.createdAt,
        rule.wanted,
      );
    rules.forEach(write(null));
    subtables.forEach((table: Subtable, position) => {
      this.#db.run(
        `INSERT INTO firewall_subtable (position, name, type, description, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?)`,
        position,
        table.name,
        table.type,
        table.description,
        table.createdAt,
        table.updatedAt,
      );
      table.rules.forEach(write(table.name));
    });
  }

  #writeGroups(groups: readonly Group[]): void {
    this.#db.run('DELETE FROM firewall_group');
    for (const { name, description, syncMesh } of groups) {
      this.#db.run(
        'INSERT INTO firewall_group (name, description, sync_mesh) VALUES (?, ?, ?)',
        name,
        description,
        Number(syncMesh),
      );
    }
  }

  #writeSets(sets: readonly FwSet[]): void {
    this.#db.run('DELETE FROM firewall_set');
    this.#db.run('DELETE FROM firewall_set_entry');
    const insert = this.#db.prepared(
      'INSERT INTO firewall_set_entry (set_name, position, entry, comment, created_at) VALUES (?, ?, ?, ?, ?)',
    );
    for (const set of sets) {
      this.#db.run(
        `INSERT INTO firewall_set (name, type, description, sync_mesh, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?)`,
        set.name,
        set.type,
        set.description,
        Number(set.syncMesh),
        set.createdAt,
        set.updatedAt,
      );
      set.entries.forEach(({ entry, comment, createdAt }, position) => {
        insert(set.name, position, entry, comment, createdAt);
      });
    }
  }

  #writeVariables(variables: readonly Variable[]): void {
    this.#db.run('DELETE FROM variable');
    for (const { name, value, description, syncMesh } of variables) {
      this.#db.run(
        'INSERT INTO variable (name, value, description, sync_mesh) VALUES (?, ?, ?, ?)',
        name,
        value,
        description,
        Number(syncMesh),
      );
    }
  }
}

function toRule(row: RuleRow): Rule {
  return {
    id: row.id,
    text: row.text,
    comment: row.comment,
    groups: JSON.parse(row.groups) as string[],
    disabled: row.disabled === 1,
    createdAt: row.created_at,
    wanted: row.wanted,
  };
}
