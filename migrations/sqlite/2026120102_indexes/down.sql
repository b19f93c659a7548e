DROP TRIGGER dossier_is_packed;
DROP TRIGGER dossier_is_unpacked;
DROP TABLE dossier_unpacked;
