-- Public age keys of agencies (公钥): what is handed over can be encrypted to those that a second person has confirmed. Each
-- act is a row of its own; none is ever changed.
CREATE TABLE agency_key (
    id BYTEA NOT NULL,
    agency_id BYTEA NOT NULL REFERENCES agency (id),
    recipient TEXT NOT NULL,
    registered_by BYTEA NOT NULL REFERENCES person (id),
    "at" BIGINT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (agency_id, recipient)
);

CREATE INDEX agency_key_agency_id_id ON agency_key (agency_id, id);

CREATE TRIGGER agency_key_no_update BEFORE UPDATE ON agency_key
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER agency_key_no_delete BEFORE DELETE ON agency_key
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER agency_key_no_truncate BEFORE TRUNCATE ON agency_key
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE agency_key_confirmation (
    key_id BYTEA NOT NULL REFERENCES agency_key (id),
    confirmed_by BYTEA NOT NULL REFERENCES person (id),
    "at" BIGINT NOT NULL,
    PRIMARY KEY (key_id)
);

CREATE TRIGGER agency_key_confirmation_no_update BEFORE UPDATE ON agency_key_confirmation
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER agency_key_confirmation_no_delete BEFORE DELETE ON agency_key_confirmation
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER agency_key_confirmation_no_truncate BEFORE TRUNCATE ON agency_key_confirmation
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE agency_key_revocation (
    key_id BYTEA NOT NULL REFERENCES agency_key (id),
    revoked_by BYTEA NOT NULL REFERENCES person (id),
    "at" BIGINT NOT NULL,
    PRIMARY KEY (key_id)
);

CREATE TRIGGER agency_key_revocation_no_update BEFORE UPDATE ON agency_key_revocation
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER agency_key_revocation_no_delete BEFORE DELETE ON agency_key_revocation
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER agency_key_revocation_no_truncate BEFORE TRUNCATE ON agency_key_revocation
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Who brought it, beside it: it names people, and is erasable by law.
CREATE TABLE agency_key_note (
    key_id BYTEA NOT NULL REFERENCES agency_key (id),
    note TEXT NOT NULL,
    PRIMARY KEY (key_id)
);

CREATE TRIGGER agency_key_note_no_update BEFORE UPDATE ON agency_key_note
FOR EACH ROW EXECUTE FUNCTION refuse_change();
