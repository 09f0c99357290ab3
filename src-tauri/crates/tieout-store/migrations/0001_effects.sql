-- Promised side effects and everything that happened to each.

CREATE TABLE effect (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    kind TEXT NOT NULL
        CHECK (kind IN ('document', 'customer', 'write_back', 'task', 'failure_record')),
    connection TEXT NOT NULL REFERENCES connection (id),
    org TEXT NOT NULL,
    ledger TEXT,
    deal TEXT,
    document_kind TEXT CHECK (document_kind IN ('invoice', 'credit_memo')),
    sequence INTEGER NOT NULL CHECK (sequence >= 0),
    content_hash TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL CHECK (
        state IN ('intended', 'sent', 'unknown', 'confirmed', 'rejected', 'conflict', 'cancelled')
    ),
    attempt_group INTEGER NOT NULL CHECK (attempt_group >= 1),
    created_at INTEGER NOT NULL,
    first_sent_at INTEGER,
    last_sent_at INTEGER,
    not_before INTEGER,
    next_ask_at INTEGER,
    empty_answers INTEGER NOT NULL CHECK (empty_answers >= 0),
    attempts INTEGER NOT NULL CHECK (attempts >= 0),
    result_id TEXT,
    error_code TEXT,
    error_text TEXT,
    run TEXT NOT NULL REFERENCES run (id),
    -- A document is named by its deal, company, kind and sequence (finance-domain §6 R4).
    CHECK (
        kind <> 'document'
        OR (deal IS NOT NULL AND ledger IS NOT NULL AND document_kind IS NOT NULL AND sequence >= 1)
    ),
    CHECK (document_kind IS NULL OR kind = 'document'),
    -- What may exist at the tool was sent at a known moment.
    CHECK (
        state NOT IN ('sent', 'unknown')
        OR (first_sent_at IS NOT NULL AND last_sent_at IS NOT NULL AND attempts >= 1)
    ),
    CHECK (first_sent_at IS NULL OR last_sent_at IS NOT NULL),
    CHECK (not_before IS NULL OR state = 'intended'),
    CHECK (next_ask_at IS NULL OR state = 'unknown'),
    -- A document or customer that is confirmed has an id; a refusal has a reason.
    CHECK (
        state <> 'confirmed' OR kind NOT IN ('document', 'customer') OR result_id IS NOT NULL
    ),
    CHECK (state <> 'rejected' OR error_code IS NOT NULL OR error_text IS NOT NULL)
) STRICT;
CREATE INDEX effect_state ON effect (connection, state);
CREATE INDEX effect_deal ON effect (deal) WHERE deal IS NOT NULL;
CREATE TRIGGER effect_no_delete BEFORE DELETE ON effect
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER effect_identity
BEFORE UPDATE OF key, kind, connection, org, ledger, deal, document_kind, sequence, created_at
ON effect
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- The content is frozen for as long as a document with it may exist. What was definitely refused or
-- withdrawn unsent has no first send, and a person may correct it.
CREATE TRIGGER effect_frozen_when_sent BEFORE UPDATE OF content_hash, payload ON effect
WHEN OLD.state NOT IN ('intended', 'rejected', 'cancelled') OR OLD.first_sent_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- Every move, and every question that was asked. `from_state` is NULL for the promise itself.
CREATE TABLE effect_history (
    seq INTEGER PRIMARY KEY,
    key TEXT NOT NULL REFERENCES effect (key),
    at INTEGER NOT NULL,
    from_state TEXT,
    to_state TEXT NOT NULL,
    detail TEXT NOT NULL,
    note TEXT,
    attempt_group INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    empty_answers INTEGER NOT NULL,
    result_id TEXT,
    error_code TEXT,
    error_text TEXT,
    run TEXT REFERENCES run (id)
) STRICT;
CREATE INDEX effect_history_key ON effect_history (key);
CREATE TRIGGER effect_history_no_update BEFORE UPDATE ON effect_history
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER effect_history_no_delete BEFORE DELETE ON effect_history
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
