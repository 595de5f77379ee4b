-- A report's own id is looked for by itself: the key of two columns is no help there, and a look through millions of ids
-- would be what every group of reports waits for.
CREATE INDEX intake_ref_by_text ON intake_ref (source_ref);
