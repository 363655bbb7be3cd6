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
  CREATE TABLE user (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL COLLATE NOCASE UNIQUE,
    role TEXT NOT NULL CHECK (role IN ('admin', 'operator', 'viewer')),
    disabled INTEGER NOT NULL DEFAULT 0,
    must_change INTEGER NOT NULL DEFAULT 0,
    password TEXT,
    totp TEXT,
    issuer TEXT,
    subject TEXT,
    created_at INTEGER NOT NULL,
    last_login_at INTEGER,
    UNIQUE (issuer, subject)
  ) STRICT;
  INSERT INTO user (name, role, must_change, password, created_at)
    SELECT json_extract(value, '$.username'), 'admin', json_extract(value, '$.mustChange'),
           json_extract(value, '$.hash'), unixepoch() * 1000
    FROM secret WHERE key = 'ui.account' AND json_extract(value, '$.hash') IS NOT NULL;
  INSERT INTO setting (key, value)
    SELECT 'ui.console', json_object('enabled', json(iif(json_extract(value, '$.enabled'), 'true', 'false')))
    FROM secret WHERE key = 'ui.account';
  DELETE FROM secret WHERE key = 'ui.account';
  ALTER TABLE session ADD COLUMN user_id INTEGER REFERENCES user (id) ON DELETE CASCADE;
  ALTER TABLE session ADD COLUMN url_id INTEGER;
  ALTER TABLE session ADD COLUMN until INTEGER;
  ALTER TABLE session ADD COLUMN source TEXT NOT NULL DEFAULT '';
  ALTER TABLE session ADD COLUMN agent TEXT NOT NULL DEFAULT '';
  UPDATE session SET user_id = (SELECT min(id) FROM user);
  CREATE TABLE access_token (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    digest TEXT NOT NULL UNIQUE,
    hint TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('admin', 'operator', 'viewer')),
    user_id INTEGER REFERENCES user (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    created_ip TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    lifetime INTEGER NOT NULL,
    refreshes INTEGER NOT NULL,
    last_accessed_at INTEGER,
    last_accessed_ip TEXT
  ) STRICT;
  CREATE TABLE access_url (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    digest TEXT NOT NULL UNIQUE,
    hint TEXT NOT NULL,
    name TEXT NOT NULL,
    access TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('admin', 'operator', 'viewer')),
    once INTEGER NOT NULL,
    user_id INTEGER REFERENCES user (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    created_ip TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    lifetime INTEGER NOT NULL,
    last_accessed_at INTEGER,
    last_accessed_ip TEXT
  ) STRICT;
  CREATE TABLE audit (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    entry TEXT NOT NULL,
    hash TEXT NOT NULL
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
