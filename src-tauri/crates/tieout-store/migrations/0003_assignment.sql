-- Which ledger company keeps which deal. The rules take the place of `scope_rule`, into which no
-- version has ever written: they name a company by its ledger id, which a new connection keeps.
DROP TABLE scope_rule;

-- A company takes the deals for which all conditions hold. The conditions are a JSON array of
-- properties with their values; an empty one takes what no other rule takes.
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
CREATE TRIGGER assignment_rule_no_update BEFORE UPDATE ON assignment_rule
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER assignment_rule_no_delete BEFORE DELETE ON assignment_rule
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- A person's word on the company of one deal. It overrides the rules.
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
CREATE TRIGGER deal_assignment_no_update BEFORE UPDATE ON deal_assignment
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER deal_assignment_no_delete BEFORE DELETE ON deal_assignment
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- What rules look at. NULL: it was not read. Traits are a JSON object of field names and values.
ALTER TABLE fact_deal ADD COLUMN record_type TEXT;
ALTER TABLE fact_deal ADD COLUMN traits TEXT;
ALTER TABLE fact_account ADD COLUMN traits TEXT;
ALTER TABLE fact_crm_user ADD COLUMN traits TEXT;
