-- That an item of evidence was made of another one by blacking something out (遮蔽): where it was, and never what it was.
CREATE TABLE redaction (
    evidence_id BLOB NOT NULL REFERENCES evidence (id),
    original_id BLOB NOT NULL REFERENCES evidence (id),
    original_sha256 BLOB NOT NULL,
    kind TEXT NOT NULL,
    plan TEXT NOT NULL,
    redacted_by BLOB NOT NULL REFERENCES person (id),
    "at" BIGINT NOT NULL,
    PRIMARY KEY (evidence_id)
);

CREATE INDEX redaction_original_id_evidence_id ON redaction (original_id, evidence_id);

CREATE TRIGGER redaction_no_update BEFORE UPDATE ON redaction
BEGIN SELECT RAISE(ABORT, 'redaction is append-only'); END;

CREATE TRIGGER redaction_no_delete BEFORE DELETE ON redaction
BEGIN SELECT RAISE(ABORT, 'redaction is append-only'); END;

-- Why, beside it: it may name people, and is erasable by law.
CREATE TABLE redaction_text (
    evidence_id BLOB NOT NULL REFERENCES redaction (evidence_id),
    reason TEXT NOT NULL,
    PRIMARY KEY (evidence_id)
);
