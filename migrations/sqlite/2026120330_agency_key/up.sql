-- Public age keys of agencies (公钥): what is handed over can be encrypted to those that a second person has confirmed. Each
-- act is a row of its own; none is ever changed.
CREATE TABLE agency_key (
    id BLOB NOT NULL,
    agency_id BLOB NOT NULL REFERENCES agency (id),
    recipient TEXT NOT NULL,
    registered_by BLOB NOT NULL REFERENCES person (id),
    "at" BIGINT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (agency_id, recipient)
);

CREATE INDEX agency_key_agency_id_id ON agency_key (agency_id, id);

CREATE TRIGGER agency_key_no_update BEFORE UPDATE ON agency_key
BEGIN SELECT RAISE(ABORT, 'agency_key is append-only'); END;

CREATE TRIGGER agency_key_no_delete BEFORE DELETE ON agency_key
BEGIN SELECT RAISE(ABORT, 'agency_key is append-only'); END;

CREATE TABLE agency_key_confirmation (
    key_id BLOB NOT NULL REFERENCES agency_key (id),
    confirmed_by BLOB NOT NULL REFERENCES person (id),
    "at" BIGINT NOT NULL,
    PRIMARY KEY (key_id)
);

CREATE TRIGGER agency_key_confirmation_no_update BEFORE UPDATE ON agency_key_confirmation
BEGIN SELECT RAISE(ABORT, 'agency_key_confirmation is append-only'); END;

CREATE TRIGGER agency_key_confirmation_no_delete BEFORE DELETE ON agency_key_confirmation
BEGIN SELECT RAISE(ABORT, 'agency_key_confirmation is append-only'); END;

CREATE TABLE agency_key_revocation (
    key_id BLOB NOT NULL REFERENCES agency_key (id),
    revoked_by BLOB NOT NULL REFERENCES person (id),
    "at" BIGINT NOT NULL,
    PRIMARY KEY (key_id)
);

CREATE TRIGGER agency_key_revocation_no_update BEFORE UPDATE ON agency_key_revocation
BEGIN SELECT RAISE(ABORT, 'agency_key_revocation is append-only'); END;

CREATE TRIGGER agency_key_revocation_no_delete BEFORE DELETE ON agency_key_revocation
BEGIN SELECT RAISE(ABORT, 'agency_key_revocation is append-only'); END;

-- Who brought it, beside it: it names people, and is erasable by law.
CREATE TABLE agency_key_note (
    key_id BLOB NOT NULL REFERENCES agency_key (id),
    note TEXT NOT NULL,
    PRIMARY KEY (key_id)
);

CREATE TRIGGER agency_key_note_no_update BEFORE UPDATE ON agency_key_note
BEGIN SELECT RAISE(ABORT, 'agency_key_note is never changed'); END;
