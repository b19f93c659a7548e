DROP TABLE approval_signature;
ALTER TABLE dossier_freeze DROP COLUMN approval_salt;
