-- What the ledgers said.
--
-- One row is one version of one record. A version is appended when the record differs from the last
-- one; no row is ever changed or removed. `observed_at` is the second time axis: when we first saw
-- this version. Instants are microseconds UTC, dates ISO text, amounts minor units with a currency,
-- decimals canonical text.

-- Customer records of a ledger company.
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
CREATE TRIGGER fact_customer_no_update BEFORE UPDATE ON fact_customer
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER fact_customer_no_delete BEFORE DELETE ON fact_customer
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- Sellable items of a ledger company.
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
CREATE TRIGGER fact_item_no_update BEFORE UPDATE ON fact_item
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER fact_item_no_delete BEFORE DELETE ON fact_item
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- Invoices, credit memos and cash sales, with the figures as the tool gave them.
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
CREATE TRIGGER fact_document_no_update BEFORE UPDATE ON fact_document
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER fact_document_no_delete BEFORE DELETE ON fact_document
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- Lines of one version of a document, in their order.
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
CREATE TRIGGER fact_document_line_no_update BEFORE UPDATE ON fact_document_line
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER fact_document_line_no_delete BEFORE DELETE ON fact_document_line
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- Money received.
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
CREATE TRIGGER fact_receipt_no_update BEFORE UPDATE ON fact_receipt
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER fact_receipt_no_delete BEFORE DELETE ON fact_receipt
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- What one version of a receipt settles.
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
CREATE TRIGGER fact_receipt_application_no_update BEFORE UPDATE ON fact_receipt_application
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER fact_receipt_application_no_delete BEFORE DELETE ON fact_receipt_application
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- Cash returned to customers.
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
CREATE TRIGGER fact_refund_no_update BEFORE UPDATE ON fact_refund
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER fact_refund_no_delete BEFORE DELETE ON fact_refund
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- Journals, as far as they touch the receivables control account.
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
CREATE TRIGGER fact_journal_no_update BEFORE UPDATE ON fact_journal
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER fact_journal_no_delete BEFORE DELETE ON fact_journal
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- Lines of one version of a journal. Positive raises receivables.
CREATE TABLE fact_journal_line (
    version_id INTEGER NOT NULL REFERENCES fact_journal (version_id),
    ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
    position INTEGER NOT NULL,
    customer TEXT,
    amount_minor INTEGER NOT NULL,
    amount_currency TEXT NOT NULL CHECK (length(amount_currency) = 3),
    PRIMARY KEY (version_id, ordinal)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER fact_journal_line_no_update BEFORE UPDATE ON fact_journal_line
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER fact_journal_line_no_delete BEFORE DELETE ON fact_journal_line
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- What one version of a journal settles, e.g. a write-off.
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
CREATE TRIGGER fact_journal_application_no_update BEFORE UPDATE ON fact_journal_application
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER fact_journal_application_no_delete BEFORE DELETE ON fact_journal_application
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
