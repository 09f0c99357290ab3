-- A feed that is begun anew brings what is there and tells no deletion that happened before. Until its
-- ids were compared with what is held, it owes that comparison.
ALTER TABLE cursor ADD COLUMN comparison_owed INTEGER NOT NULL DEFAULT 0
    CHECK (comparison_owed IN (0, 1));
