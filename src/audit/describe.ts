import type { RowChange } from '../store/changeset.ts';
import { masked } from './mask.ts';

/** One change as an operator reads it: what it was, and what it is now. */
export interface Change {
  readonly what: string;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
}

/** What the product notes for itself; it says nothing about what somebody wanted. */
const OWN_NOTES = new Set([
  'audit',
  'event',
  'session',
  'link_history',
  'client_event',
  'record_update',
  'dns_answer',
  'task',
]);
const OWN_COLUMNS = new Set(['last_login_at', 'last_accessed_at', 'last_accessed_ip', 'seen_at']);
const OWN_SETTINGS = new Set(['keyset.exchange_attempts', 'audit.state']);
const MAX_CHANGES = 40;

export function describe(rows: readonly RowChange[], columnsOf: (table: string) => string[]): Change[] {
  const changes: Change[] = [];
  for (const row of rows) {
    if (OWN_NOTES.has(row.table)) continue;
    const columns = columnsOf(row.table);
    const before = named(row.table, columns, row.before);
    const after = named(row.table, columns, row.after);
    const name = nameOf(before) ?? nameOf(after) ?? '';
    const isNote = row.kind === 'update' && Object.keys(after).every((column) => OWN_COLUMNS.has(column));
    if (isNote || OWN_SETTINGS.has(name)) continue;
    changes.push({
      what: `${row.table} ${name}`.trim(),
      before: row.kind === 'insert' ? null : before,
      after: row.kind === 'delete' ? null : after,
    });
  }
  const surplus = changes.length - MAX_CHANGES;
  if (surplus <= 0) return changes;
  return [...changes.slice(0, MAX_CHANGES), { what: `and ${surplus} more`, before: null, after: null }];
}

function named(table: string, columns: readonly string[], cells: RowChange['before']) {
  const record: Record<string, unknown> = {};
  columns.forEach((column, at) => {
    if (cells[at] === undefined) return;
    record[column] = masked(table === 'secret' && column === 'value' ? 'secret' : column, cells[at]);
  });
  return record;
}

function nameOf(record: Readonly<Record<string, unknown>>): string | null {
  const name = record.key ?? record.id ?? record.name;
  return name === undefined || name === null ? null : String(name);
}
