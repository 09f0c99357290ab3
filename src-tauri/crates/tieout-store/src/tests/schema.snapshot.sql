CREATE TRIGGER accepted_reason_no_delete BEFORE DELETE ON accepted_reason
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TRIGGER accepted_reason_no_update BEFORE UPDATE ON accepted_reason
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TABLE accepted_reason (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    deal TEXT,
    connection TEXT NOT NULL REFERENCES connection (id),
    document_kind TEXT CHECK (document_kind IN ('invoice', 'credit_memo', 'cash_sale')),
    document TEXT CHECK ((document IS NULL) = (document_kind IS NULL)),
    code TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    amount_currency TEXT NOT NULL CHECK (length(amount_currency) = 3),
    owner TEXT NOT NULL,
    note TEXT NOT NULL,
    evidence TEXT,
    raised_on TEXT NOT NULL CHECK (raised_on GLOB '????-??-??'),
    target_on TEXT CHECK (target_on GLOB '????-??-??'),
    standing TEXT NOT NULL CHECK (standing IN ('proposed', 'accepted', 'withdrawn')),
    reason TEXT NOT NULL,
    actor TEXT NOT NULL CHECK (actor <> ''),
    at INTEGER NOT NULL
) STRICT;

CREATE INDEX accepted_reason_key ON accepted_reason (id, seq);

CREATE TRIGGER assignment_rule_no_delete BEFORE DELETE ON assignment_rule
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TRIGGER assignment_rule_no_update BEFORE UPDATE ON assignment_rule
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TABLE assignment_rule (
    seq INTEGER PRIMARY KEY,
    name TEXT NOT NULL CHECK (name <> ''),
    ledger TEXT NOT NULL CHECK (ledger <> ''),
    conditions TEXT NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    reason TEXT NOT NULL,
    actor TEXT NOT NULL CHECK (actor <> ''),
    at INTEGER NOT NULL
) STRICT;

CREATE INDEX assignment_rule_key ON assignment_rule (name, seq);

CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

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

CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TABLE audit_head (
    only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    entries INTEGER NOT NULL CHECK (entries >= 0),
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE TRIGGER connection_no_delete BEFORE DELETE ON connection
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

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

CREATE TRIGGER control_total_no_delete BEFORE DELETE ON control_total
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TRIGGER control_total_no_update BEFORE UPDATE ON control_total
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

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
    pending_records INTEGER CHECK (pending_records >= 0), comparison_owed INTEGER NOT NULL DEFAULT 0
    CHECK (comparison_owed IN (0, 1)),
    PRIMARY KEY (connection, stream),
    CHECK ((pending_pages IS NULL) = (pending_records IS NULL)),
    CHECK (pending_pages IS NOT NULL OR pending_since IS NULL),
    CHECK (pending_pages IS NOT NULL OR pending_token IS NULL),
    CHECK (pending_pages IS NOT NULL OR pending_began IS NULL),
    CHECK (pending_pages IS NOT NULL OR pending_mark IS NULL)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER deal_assignment_no_delete BEFORE DELETE ON deal_assignment
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TRIGGER deal_assignment_no_update BEFORE UPDATE ON deal_assignment
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TABLE deal_assignment (
    seq INTEGER PRIMARY KEY,
    deal TEXT NOT NULL CHECK (deal <> ''),
    ledger TEXT NOT NULL CHECK (ledger <> ''),
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    reason TEXT NOT NULL,
    actor TEXT NOT NULL CHECK (actor <> ''),
    at INTEGER NOT NULL
) STRICT;

CREATE INDEX deal_assignment_key ON deal_assignment (deal, seq);

CREATE TRIGGER deal_document_link_no_delete BEFORE DELETE ON deal_document_link
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TRIGGER deal_document_link_no_update BEFORE UPDATE ON deal_document_link
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TABLE deal_document_link (
    seq INTEGER PRIMARY KEY,
    deal TEXT NOT NULL,
    connection TEXT NOT NULL REFERENCES connection (id),
    document_kind TEXT NOT NULL CHECK (document_kind IN ('invoice', 'credit_memo', 'cash_sale')),
    document TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('link', 'unlink', 'exclude')),
    allocated_minor INTEGER,
    allocated_currency TEXT CHECK (length(allocated_currency) = 3),
    reason TEXT NOT NULL,
    actor TEXT NOT NULL CHECK (actor <> ''),
    at INTEGER NOT NULL,
    CHECK ((allocated_minor IS NULL) = (allocated_currency IS NULL))
) STRICT;

CREATE INDEX deal_document_link_key
ON deal_document_link (deal, connection, document_kind, document, seq);

CREATE TRIGGER effect_frozen_when_sent BEFORE UPDATE OF content_hash, payload ON effect
WHEN OLD.state NOT IN ('intended', 'rejected', 'cancelled') OR OLD.first_sent_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TRIGGER effect_identity
BEFORE UPDATE OF key, kind, connection, org, ledger, deal, document_kind, sequence, created_at
ON effect
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TRIGGER effect_no_delete BEFORE DELETE ON effect
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

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

CREATE INDEX effect_deal ON effect (deal) WHERE deal IS NOT NULL;

CREATE INDEX effect_state ON effect (connection, state);

CREATE TRIGGER effect_history_no_delete BEFORE DELETE ON effect_history
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TRIGGER effect_history_no_update BEFORE UPDATE ON effect_history
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

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

CREATE TRIGGER exclusion_no_delete BEFORE DELETE ON exclusion
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TRIGGER exclusion_no_update BEFORE UPDATE ON exclusion
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TABLE exclusion (
    seq INTEGER PRIMARY KEY,
    connection TEXT NOT NULL REFERENCES connection (id),
    stream TEXT NOT NULL,
    record TEXT NOT NULL,
    excluded INTEGER NOT NULL CHECK (excluded IN (0, 1)),
    reason TEXT NOT NULL,
    actor TEXT NOT NULL CHECK (actor <> ''),
    at INTEGER NOT NULL
) STRICT;

CREATE INDEX exclusion_key ON exclusion (connection, stream, record, seq);

CREATE TRIGGER fact_account_no_delete BEFORE DELETE ON fact_account
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TRIGGER fact_account_no_update BEFORE UPDATE ON fact_account
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TABLE fact_account (
    version_id INTEGER PRIMARY KEY,
    connection TEXT NOT NULL REFERENCES connection (id),
    id TEXT NOT NULL CHECK (id <> ''),
    version_no INTEGER NOT NULL CHECK (version_no >= 1),
    observed_at INTEGER NOT NULL,
    run TEXT NOT NULL REFERENCES run (id),
    source_version TEXT NOT NULL,
    modified_at INTEGER NOT NULL,
    deleted INTEGER NOT NULL CHECK (deleted IN (0, 1)),
    name TEXT NOT NULL,
    parent TEXT,
    number TEXT,
    owner TEXT,
    website TEXT,
    street TEXT,
    city TEXT,
    region TEXT,
    postal_code TEXT,
    country TEXT,
    tax_number TEXT,
    currency TEXT CHECK (length(currency) = 3),
    merged_into TEXT, traits TEXT,
    UNIQUE (connection, id, version_no)
) STRICT;

CREATE INDEX fact_account_observed ON fact_account (connection, observed_at);

CREATE TRIGGER fact_crm_user_no_delete BEFORE DELETE ON fact_crm_user
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TRIGGER fact_crm_user_no_update BEFORE UPDATE ON fact_crm_user
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TABLE fact_crm_user (
    version_id INTEGER PRIMARY KEY,
    connection TEXT NOT NULL REFERENCES connection (id),
    id TEXT NOT NULL CHECK (id <> ''),
    version_no INTEGER NOT NULL CHECK (version_no >= 1),
    observed_at INTEGER NOT NULL,
    run TEXT NOT NULL REFERENCES run (id),
    source_version TEXT NOT NULL,
    modified_at INTEGER NOT NULL,
    deleted INTEGER NOT NULL CHECK (deleted IN (0, 1)),
    name TEXT NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1)), traits TEXT,
    UNIQUE (connection, id, version_no)
) STRICT;

CREATE INDEX fact_crm_user_observed ON fact_crm_user (connection, observed_at);

CREATE TRIGGER fact_customer_no_delete BEFORE DELETE ON fact_customer
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TRIGGER fact_customer_no_update BEFORE UPDATE ON fact_customer
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TABLE fact_customer (
    version_id INTEGER PRIMARY KEY,
    connection TEXT NOT NULL REFERENCES connection (id),
    id TEXT NOT NULL CHECK (id <> ''),
    version_no INTEGER NOT NULL CHECK (version_no >= 1),
    observed_at INTEGER NOT NULL,
    run TEXT NOT NULL REFERENCES run (id),
    source_version TEXT NOT NULL,
    modified_at INTEGER NOT NULL,
    deleted INTEGER NOT NULL CHECK (deleted IN (0, 1)),
    name TEXT NOT NULL,
    legal_name TEXT,
    currency TEXT CHECK (length(currency) = 3),
    street TEXT,
    city TEXT,
    region TEXT,
    postal_code TEXT,
    country TEXT,
    email TEXT,
    website TEXT,
    tax_number TEXT,
    account TEXT,
    terms_days INTEGER,
    tax_code TEXT,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    parent TEXT,
    UNIQUE (connection, id, version_no)
) STRICT;

CREATE INDEX fact_customer_observed ON fact_customer (connection, observed_at);

CREATE TRIGGER fact_deal_no_delete BEFORE DELETE ON fact_deal
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TRIGGER fact_deal_no_update BEFORE UPDATE ON fact_deal
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TABLE fact_deal (
    version_id INTEGER PRIMARY KEY,
    connection TEXT NOT NULL REFERENCES connection (id),
    id TEXT NOT NULL CHECK (id <> ''),
    version_no INTEGER NOT NULL CHECK (version_no >= 1),
    observed_at INTEGER NOT NULL,
    run TEXT NOT NULL REFERENCES run (id),
    source_version TEXT NOT NULL,
    modified_at INTEGER NOT NULL,
    deleted INTEGER NOT NULL CHECK (deleted IN (0, 1)),
    name TEXT NOT NULL,
    account TEXT,
    stage TEXT NOT NULL,
    won INTEGER NOT NULL CHECK (won IN (0, 1)),
    closed INTEGER NOT NULL CHECK (closed IN (0, 1)),
    amount_minor INTEGER,
    amount_currency TEXT CHECK (length(amount_currency) = 3),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    close_date TEXT NOT NULL CHECK (close_date GLOB '????-??-??'),
    deal_kind TEXT,
    owner TEXT,
    has_lines INTEGER NOT NULL CHECK (has_lines IN (0, 1)),
    order_number TEXT,
    reference TEXT,
    stage_changed_at INTEGER,
    created_at INTEGER, record_type TEXT, traits TEXT,
    CHECK ((amount_minor IS NULL) = (amount_currency IS NULL)),
    UNIQUE (connection, id, version_no)
) STRICT;

CREATE INDEX fact_deal_observed ON fact_deal (connection, observed_at);

CREATE TRIGGER fact_deal_event_no_delete BEFORE DELETE ON fact_deal_event
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TRIGGER fact_deal_event_no_update BEFORE UPDATE ON fact_deal_event
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TABLE fact_deal_event (
    version_id INTEGER PRIMARY KEY,
    connection TEXT NOT NULL REFERENCES connection (id),
    id TEXT NOT NULL CHECK (id <> ''),
    version_no INTEGER NOT NULL CHECK (version_no >= 1),
    observed_at INTEGER NOT NULL,
    run TEXT NOT NULL REFERENCES run (id),
    source_version TEXT NOT NULL,
    modified_at INTEGER NOT NULL,
    deleted INTEGER NOT NULL CHECK (deleted IN (0, 1)),
    deal TEXT NOT NULL,
    at INTEGER NOT NULL,
    stage TEXT NOT NULL,
    amount_minor INTEGER,
    amount_currency TEXT CHECK (length(amount_currency) = 3),
    close_date TEXT CHECK (close_date GLOB '????-??-??'),
    CHECK ((amount_minor IS NULL) = (amount_currency IS NULL)),
    UNIQUE (connection, id, version_no)
) STRICT;

CREATE INDEX fact_deal_event_observed ON fact_deal_event (connection, observed_at);

CREATE TRIGGER fact_deal_line_no_delete BEFORE DELETE ON fact_deal_line
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TRIGGER fact_deal_line_no_update BEFORE UPDATE ON fact_deal_line
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TABLE fact_deal_line (
    version_id INTEGER PRIMARY KEY,
    connection TEXT NOT NULL REFERENCES connection (id),
    id TEXT NOT NULL CHECK (id <> ''),
    version_no INTEGER NOT NULL CHECK (version_no >= 1),
    observed_at INTEGER NOT NULL,
    run TEXT NOT NULL REFERENCES run (id),
    source_version TEXT NOT NULL,
    modified_at INTEGER NOT NULL,
    deleted INTEGER NOT NULL CHECK (deleted IN (0, 1)),
    deal TEXT NOT NULL,
    product TEXT,
    product_code TEXT,
    description TEXT,
    quantity TEXT NOT NULL,
    unit_price TEXT,
    discount TEXT,
    total_minor INTEGER NOT NULL,
    total_currency TEXT NOT NULL CHECK (length(total_currency) = 3),
    service_date TEXT CHECK (service_date GLOB '????-??-??'),
    position INTEGER NOT NULL,
    UNIQUE (connection, id, version_no)
) STRICT;

CREATE INDEX fact_deal_line_observed ON fact_deal_line (connection, observed_at);

CREATE TRIGGER fact_document_no_delete BEFORE DELETE ON fact_document
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TRIGGER fact_document_no_update BEFORE UPDATE ON fact_document
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TABLE fact_document (
    version_id INTEGER PRIMARY KEY,
    connection TEXT NOT NULL REFERENCES connection (id),
    kind TEXT NOT NULL CHECK (kind IN ('invoice', 'credit_memo', 'cash_sale')),
    id TEXT NOT NULL CHECK (id <> ''),
    version_no INTEGER NOT NULL CHECK (version_no >= 1),
    observed_at INTEGER NOT NULL,
    run TEXT NOT NULL REFERENCES run (id),
    source_version TEXT NOT NULL,
    modified_at INTEGER NOT NULL,
    deleted INTEGER NOT NULL CHECK (deleted IN (0, 1)),
    number TEXT,
    customer TEXT NOT NULL,
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    effective_on TEXT NOT NULL CHECK (effective_on GLOB '????-??-??'),
    due_on TEXT CHECK (due_on GLOB '????-??-??'),
    terms_days INTEGER,
    net_minor INTEGER NOT NULL,
    net_currency TEXT NOT NULL CHECK (length(net_currency) = 3),
    tax_minor INTEGER NOT NULL,
    tax_currency TEXT NOT NULL CHECK (length(tax_currency) = 3),
    total_minor INTEGER NOT NULL,
    total_currency TEXT NOT NULL CHECK (length(total_currency) = 3),
    balance_minor INTEGER NOT NULL,
    balance_currency TEXT NOT NULL CHECK (length(balance_currency) = 3),
    status TEXT NOT NULL
        CHECK (status IN ('draft', 'open', 'part_paid', 'paid', 'void', 'deleted', 'unknown')),
    transaction_key TEXT,
    deal_reference TEXT,
    order_number TEXT,
    memo TEXT,
    exchange_rate TEXT,
    disputed INTEGER NOT NULL CHECK (disputed IN (0, 1)),
    UNIQUE (connection, kind, id, version_no)
) STRICT;

CREATE INDEX fact_document_observed ON fact_document (connection, observed_at);

CREATE TRIGGER fact_document_line_no_delete BEFORE DELETE ON fact_document_line
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TRIGGER fact_document_line_no_update BEFORE UPDATE ON fact_document_line
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TABLE fact_document_line (
    version_id INTEGER NOT NULL REFERENCES fact_document (version_id),
    ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
    position INTEGER NOT NULL,
    item TEXT,
    description TEXT,
    quantity TEXT,
    unit_price TEXT,
    amount_minor INTEGER NOT NULL,
    amount_currency TEXT NOT NULL CHECK (length(amount_currency) = 3),
    tax_code TEXT,
    PRIMARY KEY (version_id, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER fact_item_no_delete BEFORE DELETE ON fact_item
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TRIGGER fact_item_no_update BEFORE UPDATE ON fact_item
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TABLE fact_item (
    version_id INTEGER PRIMARY KEY,
    connection TEXT NOT NULL REFERENCES connection (id),
    id TEXT NOT NULL CHECK (id <> ''),
    version_no INTEGER NOT NULL CHECK (version_no >= 1),
    observed_at INTEGER NOT NULL,
    run TEXT NOT NULL REFERENCES run (id),
    source_version TEXT NOT NULL,
    modified_at INTEGER NOT NULL,
    deleted INTEGER NOT NULL CHECK (deleted IN (0, 1)),
    name TEXT NOT NULL,
    code TEXT,
    item_kind TEXT NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    tax_code TEXT,
    UNIQUE (connection, id, version_no)
) STRICT;

CREATE INDEX fact_item_observed ON fact_item (connection, observed_at);

CREATE TRIGGER fact_journal_no_delete BEFORE DELETE ON fact_journal
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TRIGGER fact_journal_no_update BEFORE UPDATE ON fact_journal
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TABLE fact_journal (
    version_id INTEGER PRIMARY KEY,
    connection TEXT NOT NULL REFERENCES connection (id),
    id TEXT NOT NULL CHECK (id <> ''),
    version_no INTEGER NOT NULL CHECK (version_no >= 1),
    observed_at INTEGER NOT NULL,
    run TEXT NOT NULL REFERENCES run (id),
    source_version TEXT NOT NULL,
    modified_at INTEGER NOT NULL,
    deleted INTEGER NOT NULL CHECK (deleted IN (0, 1)),
    number TEXT,
    effective_on TEXT NOT NULL CHECK (effective_on GLOB '????-??-??'),
    memo TEXT,
    UNIQUE (connection, id, version_no)
) STRICT;

CREATE INDEX fact_journal_observed ON fact_journal (connection, observed_at);

CREATE TRIGGER fact_journal_application_no_delete BEFORE DELETE ON fact_journal_application
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TRIGGER fact_journal_application_no_update BEFORE UPDATE ON fact_journal_application
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TABLE fact_journal_application (
    version_id INTEGER NOT NULL REFERENCES fact_journal (version_id),
    ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
    kind TEXT NOT NULL CHECK (kind IN ('cash', 'credit', 'adjustment', 'refund')),
    document TEXT NOT NULL,
    document_kind TEXT NOT NULL CHECK (document_kind IN ('invoice', 'credit_memo', 'cash_sale')),
    credit TEXT,
    amount_minor INTEGER NOT NULL,
    amount_currency TEXT NOT NULL CHECK (length(amount_currency) = 3),
    applied_on TEXT NOT NULL CHECK (applied_on GLOB '????-??-??'),
    source_effective_on TEXT NOT NULL CHECK (source_effective_on GLOB '????-??-??'),
    PRIMARY KEY (version_id, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER fact_journal_line_no_delete BEFORE DELETE ON fact_journal_line
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TRIGGER fact_journal_line_no_update BEFORE UPDATE ON fact_journal_line
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TABLE fact_journal_line (
    version_id INTEGER NOT NULL REFERENCES fact_journal (version_id),
    ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
    position INTEGER NOT NULL,
    customer TEXT,
    amount_minor INTEGER NOT NULL,
    amount_currency TEXT NOT NULL CHECK (length(amount_currency) = 3),
    PRIMARY KEY (version_id, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER fact_product_no_delete BEFORE DELETE ON fact_product
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TRIGGER fact_product_no_update BEFORE UPDATE ON fact_product
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TABLE fact_product (
    version_id INTEGER PRIMARY KEY,
    connection TEXT NOT NULL REFERENCES connection (id),
    id TEXT NOT NULL CHECK (id <> ''),
    version_no INTEGER NOT NULL CHECK (version_no >= 1),
    observed_at INTEGER NOT NULL,
    run TEXT NOT NULL REFERENCES run (id),
    source_version TEXT NOT NULL,
    modified_at INTEGER NOT NULL,
    deleted INTEGER NOT NULL CHECK (deleted IN (0, 1)),
    name TEXT NOT NULL,
    code TEXT,
    external_id TEXT,
    family TEXT,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    UNIQUE (connection, id, version_no)
) STRICT;

CREATE INDEX fact_product_observed ON fact_product (connection, observed_at);

CREATE TRIGGER fact_receipt_no_delete BEFORE DELETE ON fact_receipt
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TRIGGER fact_receipt_no_update BEFORE UPDATE ON fact_receipt
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TABLE fact_receipt (
    version_id INTEGER PRIMARY KEY,
    connection TEXT NOT NULL REFERENCES connection (id),
    id TEXT NOT NULL CHECK (id <> ''),
    version_no INTEGER NOT NULL CHECK (version_no >= 1),
    observed_at INTEGER NOT NULL,
    run TEXT NOT NULL REFERENCES run (id),
    source_version TEXT NOT NULL,
    modified_at INTEGER NOT NULL,
    deleted INTEGER NOT NULL CHECK (deleted IN (0, 1)),
    customer TEXT NOT NULL,
    effective_on TEXT NOT NULL CHECK (effective_on GLOB '????-??-??'),
    amount_minor INTEGER NOT NULL,
    amount_currency TEXT NOT NULL CHECK (length(amount_currency) = 3),
    unapplied_minor INTEGER NOT NULL,
    unapplied_currency TEXT NOT NULL CHECK (length(unapplied_currency) = 3),
    reference TEXT,
    voided INTEGER NOT NULL CHECK (voided IN (0, 1)),
    UNIQUE (connection, id, version_no)
) STRICT;

CREATE INDEX fact_receipt_observed ON fact_receipt (connection, observed_at);

CREATE TRIGGER fact_receipt_application_no_delete BEFORE DELETE ON fact_receipt_application
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TRIGGER fact_receipt_application_no_update BEFORE UPDATE ON fact_receipt_application
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TABLE fact_receipt_application (
    version_id INTEGER NOT NULL REFERENCES fact_receipt (version_id),
    ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
    kind TEXT NOT NULL CHECK (kind IN ('cash', 'credit', 'adjustment', 'refund')),
    document TEXT NOT NULL,
    document_kind TEXT NOT NULL CHECK (document_kind IN ('invoice', 'credit_memo', 'cash_sale')),
    credit TEXT,
    amount_minor INTEGER NOT NULL,
    amount_currency TEXT NOT NULL CHECK (length(amount_currency) = 3),
    applied_on TEXT NOT NULL CHECK (applied_on GLOB '????-??-??'),
    source_effective_on TEXT NOT NULL CHECK (source_effective_on GLOB '????-??-??'),
    PRIMARY KEY (version_id, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER fact_refund_no_delete BEFORE DELETE ON fact_refund
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TRIGGER fact_refund_no_update BEFORE UPDATE ON fact_refund
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TABLE fact_refund (
    version_id INTEGER PRIMARY KEY,
    connection TEXT NOT NULL REFERENCES connection (id),
    id TEXT NOT NULL CHECK (id <> ''),
    version_no INTEGER NOT NULL CHECK (version_no >= 1),
    observed_at INTEGER NOT NULL,
    run TEXT NOT NULL REFERENCES run (id),
    source_version TEXT NOT NULL,
    modified_at INTEGER NOT NULL,
    deleted INTEGER NOT NULL CHECK (deleted IN (0, 1)),
    number TEXT,
    customer TEXT,
    effective_on TEXT NOT NULL CHECK (effective_on GLOB '????-??-??'),
    amount_minor INTEGER NOT NULL,
    amount_currency TEXT NOT NULL CHECK (length(amount_currency) = 3),
    credit TEXT,
    voided INTEGER NOT NULL CHECK (voided IN (0, 1)),
    UNIQUE (connection, id, version_no)
) STRICT;

CREATE INDEX fact_refund_observed ON fact_refund (connection, observed_at);

CREATE TRIGGER fact_schedule_line_no_delete BEFORE DELETE ON fact_schedule_line
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TRIGGER fact_schedule_line_no_update BEFORE UPDATE ON fact_schedule_line
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TABLE fact_schedule_line (
    version_id INTEGER PRIMARY KEY,
    connection TEXT NOT NULL REFERENCES connection (id),
    id TEXT NOT NULL CHECK (id <> ''),
    version_no INTEGER NOT NULL CHECK (version_no >= 1),
    observed_at INTEGER NOT NULL,
    run TEXT NOT NULL REFERENCES run (id),
    source_version TEXT NOT NULL,
    modified_at INTEGER NOT NULL,
    deleted INTEGER NOT NULL CHECK (deleted IN (0, 1)),
    line TEXT NOT NULL,
    due_on TEXT NOT NULL CHECK (due_on GLOB '????-??-??'),
    amount_minor INTEGER NOT NULL,
    amount_currency TEXT NOT NULL CHECK (length(amount_currency) = 3),
    UNIQUE (connection, id, version_no)
) STRICT;

CREATE INDEX fact_schedule_line_observed ON fact_schedule_line (connection, observed_at);

CREATE TRIGGER identity_link_no_delete BEFORE DELETE ON identity_link
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TRIGGER identity_link_no_update BEFORE UPDATE ON identity_link
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TABLE identity_link (
    seq INTEGER PRIMARY KEY,
    account TEXT NOT NULL,
    connection TEXT NOT NULL REFERENCES connection (id),
    customer TEXT NOT NULL,
    linked INTEGER NOT NULL CHECK (linked IN (0, 1)),
    basis TEXT NOT NULL,
    reason TEXT NOT NULL,
    actor TEXT NOT NULL CHECK (actor <> ''),
    at INTEGER NOT NULL
) STRICT;

CREATE INDEX identity_link_key ON identity_link (account, connection, customer, seq);

CREATE TRIGGER item_mapping_no_delete BEFORE DELETE ON item_mapping
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TRIGGER item_mapping_no_update BEFORE UPDATE ON item_mapping
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TABLE item_mapping (
    seq INTEGER PRIMARY KEY,
    connection TEXT NOT NULL REFERENCES connection (id),
    product TEXT NOT NULL,
    item TEXT NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    reason TEXT NOT NULL,
    actor TEXT NOT NULL CHECK (actor <> ''),
    at INTEGER NOT NULL
) STRICT;

CREATE INDEX item_mapping_key ON item_mapping (connection, product, seq);

CREATE TRIGGER ledger_limits_no_delete BEFORE DELETE ON ledger_limits
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TRIGGER ledger_limits_no_update BEFORE UPDATE ON ledger_limits
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TABLE ledger_limits (
    seq INTEGER PRIMARY KEY,
    connection TEXT NOT NULL REFERENCES connection (id),
    absolute_minor INTEGER NOT NULL,
    absolute_currency TEXT NOT NULL CHECK (length(absolute_currency) = 3),
    fraction TEXT NOT NULL,
    policy TEXT NOT NULL CHECK (policy IN ('both', 'either')),
    rounding_minor INTEGER NOT NULL,
    grace_days INTEGER NOT NULL,
    materiality_minor INTEGER NOT NULL,
    materiality_currency TEXT NOT NULL CHECK (length(materiality_currency) = 3),
    aging_basis TEXT NOT NULL CHECK (aging_basis IN ('due_date', 'invoice_date')),
    credit_policy TEXT NOT NULL CHECK (credit_policy IN ('separate', 'by_own_date', 'fifo')),
    reason TEXT NOT NULL,
    actor TEXT NOT NULL CHECK (actor <> ''),
    at INTEGER NOT NULL
) STRICT;

CREATE INDEX ledger_limits_key ON ledger_limits (connection, seq);

CREATE TABLE observation_clock (
    only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    latest INTEGER NOT NULL
) STRICT;

CREATE TRIGGER quarantine_kept_whole
BEFORE UPDATE OF connection, stream, record, reason, path, excerpt, raw, first_seen_at ON quarantine
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TRIGGER quarantine_no_delete BEFORE DELETE ON quarantine
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

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

CREATE TRIGGER run_final BEFORE UPDATE ON run WHEN OLD.ended_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TRIGGER run_no_delete BEFORE DELETE ON run
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

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

CREATE TRIGGER run_gap_no_delete BEFORE DELETE ON run_gap
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TRIGGER run_gap_no_update BEFORE UPDATE ON run_gap
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TABLE run_gap (
    run TEXT NOT NULL REFERENCES run (id),
    ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
    reason TEXT NOT NULL CHECK (reason <> ''),
    PRIMARY KEY (run, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE sealed (
    name TEXT NOT NULL PRIMARY KEY CHECK (name <> ''),
    bytes BLOB NOT NULL
) STRICT;

CREATE TRIGGER workpaper_frozen BEFORE UPDATE OF known_at, snapshot, hash ON workpaper
WHEN OLD.state <> 'draft'
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TRIGGER workpaper_identity
BEFORE UPDATE OF id, version, connection, period, created_at, created_by ON workpaper
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TRIGGER workpaper_no_delete BEFORE DELETE ON workpaper
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

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

CREATE TRIGGER workpaper_move_no_delete BEFORE DELETE ON workpaper_move
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TRIGGER workpaper_move_no_update BEFORE UPDATE ON workpaper_move
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

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
