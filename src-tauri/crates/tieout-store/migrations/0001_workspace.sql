-- Connections, runs, marks and what could not be read.

-- Marks the file as ours: the letters TIE1.
PRAGMA application_id = 1414087985;

-- One CRM organisation or one ledger company.
CREATE TABLE connection (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    brand TEXT NOT NULL CHECK (brand <> ''),
    role TEXT NOT NULL CHECK (role IN ('crm', 'ledger')),
    name TEXT NOT NULL,
    settings TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    writing INTEGER NOT NULL CHECK (writing IN (0, 1)),
    disconnected_at INTEGER,
    -- What the last probe found, in the engine's own form.
    capabilities TEXT,
    probed_at INTEGER,
    CHECK ((capabilities IS NULL) = (probed_at IS NULL)),
    CHECK (writing = 0 OR disconnected_at IS NULL)
) STRICT;
CREATE TRIGGER connection_no_delete BEFORE DELETE ON connection
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- Grants and tokens, sealed before they come here.
CREATE TABLE sealed (
    name TEXT NOT NULL PRIMARY KEY CHECK (name <> ''),
    bytes BLOB NOT NULL
) STRICT;

-- The latest moment that any version was observed at. It never goes back, whatever the clock does.
CREATE TABLE observation_clock (
    only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    latest INTEGER NOT NULL
) STRICT;
INSERT INTO observation_clock (only_row, latest) VALUES (1, -9223372036854775808);

CREATE TABLE run (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    kind TEXT NOT NULL CHECK (kind <> ''),
    trigger_word TEXT NOT NULL CHECK (trigger_word <> ''),
    started_at INTEGER NOT NULL,
    progressed_at INTEGER,
    ended_at INTEGER,
    completeness TEXT CHECK (completeness IN ('complete', 'incomplete')),
    counts TEXT NOT NULL,
    http_requests INTEGER NOT NULL CHECK (http_requests >= 0),
    CHECK ((ended_at IS NULL) = (completeness IS NULL))
) STRICT;
CREATE INDEX run_started ON run (started_at);
CREATE TRIGGER run_final BEFORE UPDATE ON run WHEN OLD.ended_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER run_no_delete BEFORE DELETE ON run
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- Why a run is incomplete.
CREATE TABLE run_gap (
    run TEXT NOT NULL REFERENCES run (id),
    ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
    reason TEXT NOT NULL CHECK (reason <> ''),
    PRIMARY KEY (run, ordinal)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER run_gap_no_update BEFORE UPDATE ON run_gap
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER run_gap_no_delete BEFORE DELETE ON run_gap
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- Counts and sums that the source computed, beside ours. A NULL sum: the source cannot add.
CREATE TABLE control_total (
    total_id INTEGER PRIMARY KEY,
    run TEXT NOT NULL REFERENCES run (id),
    connection TEXT NOT NULL REFERENCES connection (id),
    measure TEXT NOT NULL CHECK (measure <> ''),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    from_on TEXT NOT NULL CHECK (from_on GLOB '????-??-??'),
    to_on TEXT NOT NULL CHECK (to_on GLOB '????-??-??'),
    source_count INTEGER NOT NULL CHECK (source_count >= 0),
    source_sum_minor INTEGER,
    held_count INTEGER NOT NULL CHECK (held_count >= 0),
    held_sum_minor INTEGER NOT NULL,
    proof TEXT NOT NULL,
    source TEXT NOT NULL,
    CHECK (from_on <= to_on)
) STRICT;
CREATE INDEX control_total_run ON control_total (run);
CREATE TRIGGER control_total_no_update BEFORE UPDATE ON control_total
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER control_total_no_delete BEFORE DELETE ON control_total
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- How far each feed is read. The pending columns are set while a read is under way.
CREATE TABLE cursor (
    connection TEXT NOT NULL REFERENCES connection (id),
    stream TEXT NOT NULL CHECK (stream <> ''),
    mark INTEGER,
    fields_hash TEXT,
    pending_since INTEGER,
    pending_token TEXT,
    pending_began INTEGER,
    pending_mark INTEGER,
    pending_pages INTEGER CHECK (pending_pages >= 0),
    pending_records INTEGER CHECK (pending_records >= 0),
    PRIMARY KEY (connection, stream),
    CHECK ((pending_pages IS NULL) = (pending_records IS NULL)),
    CHECK (pending_pages IS NOT NULL OR pending_since IS NULL),
    CHECK (pending_pages IS NOT NULL OR pending_token IS NULL),
    CHECK (pending_pages IS NOT NULL OR pending_began IS NULL),
    CHECK (pending_pages IS NOT NULL OR pending_mark IS NULL)
) STRICT, WITHOUT ROWID;

-- Records that could not become facts, whole as they came. One open row per record.
CREATE TABLE quarantine (
    quarantine_id INTEGER PRIMARY KEY,
    connection TEXT NOT NULL REFERENCES connection (id),
    stream TEXT NOT NULL,
    record TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (reason <> ''),
    path TEXT NOT NULL,
    excerpt TEXT NOT NULL,
    raw TEXT NOT NULL,
    first_run TEXT NOT NULL REFERENCES run (id),
    first_seen_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    times INTEGER NOT NULL CHECK (times >= 1),
    resolved_at INTEGER,
    resolution TEXT CHECK (resolution IN ('read', 'gone', 'superseded')),
    CHECK ((resolved_at IS NULL) = (resolution IS NULL))
) STRICT;
CREATE UNIQUE INDEX quarantine_open ON quarantine (connection, stream, record)
WHERE resolved_at IS NULL;
CREATE TRIGGER quarantine_kept_whole
BEFORE UPDATE OF connection, stream, record, reason, path, excerpt, raw, first_seen_at ON quarantine
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER quarantine_no_delete BEFORE DELETE ON quarantine
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
