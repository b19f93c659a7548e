-- What is looked for by its beginning. An index in the order of a language does not help there; one in the order of the
-- bytes does, and finds a whole value as well.
DROP INDEX transfer_number_agency_id;

CREATE INDEX transfer_number_agency_id ON transfer (number text_pattern_ops, agency_id);

DROP INDEX agency_case_number_agency_id;

CREATE INDEX agency_case_number_agency_id ON agency_case (number text_pattern_ops, agency_id);

DROP INDEX dossier_folder;

CREATE INDEX dossier_folder ON dossier (folder text_pattern_ops);

DROP INDEX audit_entry_verb_at;

CREATE INDEX audit_entry_verb_at ON audit_entry (verb text_pattern_ops, at);

CREATE INDEX subject_match_key ON subject (match_key text_pattern_ops);

-- A region with all that lies in it.
CREATE INDEX agency_region_code_begins ON agency (region_code text_pattern_ops);

CREATE INDEX transfer_lead_region ON transfer (lead_region text_pattern_ops);

CREATE INDEX agency_case_region_code ON agency_case (region_code text_pattern_ops);

CREATE INDEX outcome_region_code ON outcome (region_code text_pattern_ops);

-- Dossiers without a package: those that are made, wait for approval or are being sealed are found without reading all
-- others.
CREATE TABLE dossier_unpacked (
    dossier_id BYTEA NOT NULL REFERENCES dossier (id),
    PRIMARY KEY (dossier_id)
);

INSERT INTO dossier_unpacked (dossier_id)
SELECT d.id FROM dossier d WHERE NOT EXISTS (SELECT 1 FROM dossier_package p WHERE p.dossier_id = d.id);

CREATE FUNCTION dossier_is_unpacked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO dossier_unpacked (dossier_id) VALUES (NEW.id); RETURN NULL; END $$;

CREATE FUNCTION dossier_is_packed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN DELETE FROM dossier_unpacked WHERE dossier_id = NEW.dossier_id; RETURN NULL; END $$;

CREATE TRIGGER dossier_is_unpacked AFTER INSERT ON dossier
FOR EACH ROW EXECUTE FUNCTION dossier_is_unpacked();

CREATE TRIGGER dossier_is_packed AFTER INSERT ON dossier_package
FOR EACH ROW EXECUTE FUNCTION dossier_is_packed();
