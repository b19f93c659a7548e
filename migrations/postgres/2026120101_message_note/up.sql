-- That a side needs to give no answer to a message of the other one, nor to those before it.
CREATE TABLE message_note (
    message_id BYTEA NOT NULL REFERENCES message (id),
    transfer_id BYTEA NOT NULL REFERENCES transfer (id),
    noted_by BYTEA NOT NULL,
    "at" BIGINT NOT NULL,
    PRIMARY KEY (message_id)
);

CREATE INDEX message_note_transfer_id ON message_note (transfer_id);

CREATE TRIGGER message_note_no_update BEFORE UPDATE ON message_note
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER message_note_no_delete BEFORE DELETE ON message_note
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER message_note_no_truncate BEFORE TRUNCATE ON message_note
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
