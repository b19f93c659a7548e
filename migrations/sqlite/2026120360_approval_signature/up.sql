-- What an approver's passkey signed of an approval, as the packages carry it (`approval.json`); none where the code of a second factor was
-- shown. It names accounts and no person.
CREATE TABLE approval_signature (
    approval_id BLOB NOT NULL REFERENCES approval (id),
    passkey_id BLOB NOT NULL REFERENCES passkey (id),
    fingerprint TEXT NOT NULL,
    approval_json TEXT NOT NULL,
    PRIMARY KEY (approval_id)
);

CREATE INDEX approval_signature_passkey_id ON approval_signature (passkey_id);

CREATE TRIGGER approval_signature_no_update BEFORE UPDATE ON approval_signature
BEGIN SELECT RAISE(ABORT, 'approval_signature is append-only'); END;

CREATE TRIGGER approval_signature_no_delete BEFORE DELETE ON approval_signature
BEGIN SELECT RAISE(ABORT, 'approval_signature is append-only'); END;

-- Goes before the manifest hash into what an approver's passkey signs, so that no addressee can guess for whom the others are;
-- each package carries its own. None for what was frozen before: it is approved by the code of a second factor.
ALTER TABLE dossier_freeze ADD COLUMN approval_salt BLOB;
