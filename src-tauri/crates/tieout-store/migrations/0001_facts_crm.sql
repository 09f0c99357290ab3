-- What the CRM said.
--
-- One row is one version of one record. A version is appended when the record differs from the last
-- one; no row is ever changed or removed. `observed_at` is the second time axis: when we first saw
-- this version. Instants are microseconds UTC, dates ISO text, amounts minor units with a currency,
-- decimals canonical text.

-- Companies and persons that sales sells to.
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
    merged_into TEXT,
    UNIQUE (connection, id, version_no)
) STRICT;
CREATE INDEX fact_account_observed ON fact_account (connection, observed_at);
CREATE TRIGGER fact_account_no_update BEFORE UPDATE ON fact_account
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER fact_account_no_delete BEFORE DELETE ON fact_account
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- The catalogue of the CRM.
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
CREATE TRIGGER fact_product_no_update BEFORE UPDATE ON fact_product
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER fact_product_no_delete BEFORE DELETE ON fact_product
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- Opportunities. An unknown amount is NULL, never zero.
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
    created_at INTEGER,
    CHECK ((amount_minor IS NULL) = (amount_currency IS NULL)),
    UNIQUE (connection, id, version_no)
) STRICT;
CREATE INDEX fact_deal_observed ON fact_deal (connection, observed_at);
CREATE TRIGGER fact_deal_no_update BEFORE UPDATE ON fact_deal
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER fact_deal_no_delete BEFORE DELETE ON fact_deal
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- Product lines of deals. The total is net of tax, after discount.
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
CREATE TRIGGER fact_deal_line_no_update BEFORE UPDATE ON fact_deal_line
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER fact_deal_line_no_delete BEFORE DELETE ON fact_deal_line
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- Dated parts of a deal line's revenue schedule.
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
CREATE TRIGGER fact_schedule_line_no_update BEFORE UPDATE ON fact_schedule_line
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER fact_schedule_line_no_delete BEFORE DELETE ON fact_schedule_line
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- A deal's history: the values that held from `at` on.
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
CREATE TRIGGER fact_deal_event_no_update BEFORE UPDATE ON fact_deal_event
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER fact_deal_event_no_delete BEFORE DELETE ON fact_deal_event
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- Users of the CRM.
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
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    UNIQUE (connection, id, version_no)
) STRICT;
CREATE INDEX fact_crm_user_observed ON fact_crm_user (connection, observed_at);
CREATE TRIGGER fact_crm_user_no_update BEFORE UPDATE ON fact_crm_user
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER fact_crm_user_no_delete BEFORE DELETE ON fact_crm_user
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
