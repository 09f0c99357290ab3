-- The audit chain and the workpapers.

-- Each entry carries the hash of the one before it. The head is kept apart, so that entries missing
-- at the end are noticed as well.
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY CHECK (seq >= 1),
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    previous BLOB NOT NULL CHECK (length(previous) = 32),
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TABLE audit_head (
    only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    entries INTEGER NOT NULL CHECK (entries >= 0),
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
INSERT INTO audit_head (only_row, entries, hash) VALUES (1, 0, zeroblob(32));
CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- Frozen snapshots. `known_at` is the point on the second time axis that a snapshot was taken at.
CREATE TABLE workpaper (
    id TEXT NOT NULL CHECK (id <> ''),
    version INTEGER NOT NULL CHECK (version >= 1),
    connection TEXT NOT NULL REFERENCES connection (id),
    period TEXT NOT NULL CHECK (period <> ''),
    state TEXT NOT NULL CHECK (
        state IN ('draft', 'prepared', 'reviewed', 'locked', 'suspended', 'reopened')
    ),
    known_at INTEGER NOT NULL,
    snapshot BLOB NOT NULL,
    hash TEXT NOT NULL CHECK (length(hash) = 64),
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (id, version)
) STRICT;
CREATE INDEX workpaper_period ON workpaper (connection, period);
CREATE TRIGGER workpaper_identity
BEFORE UPDATE OF id, version, connection, period, created_at, created_by ON workpaper
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER workpaper_frozen BEFORE UPDATE OF known_at, snapshot, hash ON workpaper
WHEN OLD.state <> 'draft'
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER workpaper_no_delete BEFORE DELETE ON workpaper
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- Who moved a workpaper when, and why: the sign-offs.
CREATE TABLE workpaper_move (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    reason TEXT NOT NULL,
    actor TEXT NOT NULL CHECK (actor <> ''),
    at INTEGER NOT NULL,
    FOREIGN KEY (id, version) REFERENCES workpaper (id, version)
) STRICT;
CREATE INDEX workpaper_move_of ON workpaper_move (id, version, seq);
CREATE TRIGGER workpaper_move_no_update BEFORE UPDATE ON workpaper_move
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER workpaper_move_no_delete BEFORE DELETE ON workpaper_move
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
