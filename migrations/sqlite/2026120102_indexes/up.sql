-- What is looked for by its beginning is found by the indexes that are there: their order is that of the bytes.

-- Dossiers without a package: those that are made, wait for approval or are being sealed are found without reading all
-- others.
CREATE TABLE dossier_unpacked (
    dossier_id BLOB NOT NULL REFERENCES dossier (id),
    PRIMARY KEY (dossier_id)
);

INSERT INTO dossier_unpacked (dossier_id)
SELECT d.id FROM dossier d WHERE NOT EXISTS (SELECT 1 FROM dossier_package p WHERE p.dossier_id = d.id);

CREATE TRIGGER dossier_is_unpacked AFTER INSERT ON dossier
BEGIN INSERT INTO dossier_unpacked (dossier_id) VALUES (NEW.id); END;

CREATE TRIGGER dossier_is_packed AFTER INSERT ON dossier_package
BEGIN DELETE FROM dossier_unpacked WHERE dossier_id = NEW.dossier_id; END;
