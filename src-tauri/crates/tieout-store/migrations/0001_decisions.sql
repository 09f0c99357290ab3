-- What people and rules decided, with who, when and why.
--
-- A decision is never changed: a later row for the same key takes its place. Each row has an audit
-- entry of the same transaction.

-- Which CRM Account is which ledger customer. Many to many (finance-domain §4).
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
CREATE TRIGGER identity_link_no_update BEFORE UPDATE ON identity_link
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER identity_link_no_delete BEFORE DELETE ON identity_link
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- Which item of a ledger stands for a product of the CRM (gate R1).
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
CREATE TRIGGER item_mapping_no_update BEFORE UPDATE ON item_mapping
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER item_mapping_no_delete BEFORE DELETE ON item_mapping
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- A person's word on whether a document belongs to a deal (finance-domain §7, tier M).
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
CREATE TRIGGER deal_document_link_no_update BEFORE UPDATE ON deal_document_link
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER deal_document_link_no_delete BEFORE DELETE ON deal_document_link
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- Records that are left out of the comparison. They are always listed, with totals.
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
CREATE TRIGGER exclusion_no_update BEFORE UPDATE ON exclusion
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER exclusion_no_delete BEFORE DELETE ON exclusion
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- Reason codes of reconciling items, proposed by a rule or accepted by a person (§9).
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
CREATE TRIGGER accepted_reason_no_update BEFORE UPDATE ON accepted_reason
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER accepted_reason_no_delete BEFORE DELETE ON accepted_reason
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- Tolerances and policies of one ledger (finance-domain §8, §11).
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
CREATE TRIGGER ledger_limits_no_update BEFORE UPDATE ON ledger_limits
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER ledger_limits_no_delete BEFORE DELETE ON ledger_limits
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- Rules that say which deals a ledger takes.
CREATE TABLE scope_rule (
    seq INTEGER PRIMARY KEY,
    connection TEXT NOT NULL REFERENCES connection (id),
    name TEXT NOT NULL,
    definition TEXT NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    reason TEXT NOT NULL,
    actor TEXT NOT NULL CHECK (actor <> ''),
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX scope_rule_key ON scope_rule (connection, name, seq);
CREATE TRIGGER scope_rule_no_update BEFORE UPDATE ON scope_rule
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER scope_rule_no_delete BEFORE DELETE ON scope_rule
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
