/** Schema history. Entries are append-only: a released migration is never edited. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE secret (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE peer (
    id INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 10),
    address TEXT NOT NULL,
    mtu INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE route (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    cidr TEXT NOT NULL,
    description TEXT NOT NULL,
    interface TEXT,
    gateway TEXT,
    advertise INTEGER NOT NULL,
    enabled INTEGER NOT NULL,
    metric INTEGER NOT NULL,
    route_table TEXT NOT NULL
  ) STRICT;
  CREATE TABLE event (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    peer INTEGER,
    detail TEXT NOT NULL
  ) STRICT;
  CREATE TABLE task (token TEXT PRIMARY KEY, status TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT;
  CREATE TABLE record_update (seq INTEGER PRIMARY KEY AUTOINCREMENT, bytes BLOB NOT NULL) STRICT;
  CREATE TABLE dns_answer (name TEXT PRIMARY KEY, address TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
  `,
  `
  CREATE TABLE session (
    digest TEXT PRIMARY KEY,
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE link_history (
    step INTEGER NOT NULL,
    peer INTEGER NOT NULL,
    at INTEGER NOT NULL,
    rtt_min INTEGER,
    rtt INTEGER,
    rtt_max INTEGER,
    jitter INTEGER,
    loss INTEGER,
    up INTEGER,
    PRIMARY KEY (step, peer, at)
  ) STRICT, WITHOUT ROWID;
  `,
  // Overlay clients as this controller saw them come and go; links to other topologies, which are node-local.
  `
  CREATE TABLE IF NOT EXISTS client_event (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    address TEXT NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    holder INTEGER NOT NULL,
    origin INTEGER
  ) STRICT;
  CREATE INDEX IF NOT EXISTS client_event_address ON client_event (address, seq);
  CREATE TABLE IF NOT EXISTS foreign_link (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    conf TEXT NOT NULL,
    wanted INTEGER NOT NULL,
    policies TEXT NOT NULL,
    tags TEXT NOT NULL
  ) STRICT;
  `,
  `
  CREATE TABLE firewall_rule (
    id TEXT PRIMARY KEY,
    subtable TEXT,
    position INTEGER NOT NULL,
    text TEXT NOT NULL,
    comment TEXT NOT NULL,
    groups TEXT NOT NULL,
    disabled INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    wanted INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE firewall_group (
    position INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    sync_mesh INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE firewall_subtable (
    position INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    description TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE firewall_set (
    position INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    description TEXT NOT NULL,
    sync_mesh INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE firewall_set_entry (
    set_name TEXT NOT NULL,
    position INTEGER NOT NULL,
    entry TEXT NOT NULL,
    comment TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (set_name, position)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE firewall_name (name TEXT PRIMARY KEY, addresses TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
  CREATE TABLE variable (
    position INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    description TEXT NOT NULL,
    sync_mesh INTEGER NOT NULL
  ) STRICT;
  `,
];
