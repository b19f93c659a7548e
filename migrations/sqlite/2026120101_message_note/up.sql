-- That a side needs to give no answer to a message of the other one, nor to those before it.
CREATE TABLE message_note (
    message_id BLOB NOT NULL REFERENCES message (id),
    transfer_id BLOB NOT NULL REFERENCES transfer (id),
    noted_by BLOB NOT NULL,
    "at" BIGINT NOT NULL,
    PRIMARY KEY (message_id)
);

CREATE INDEX message_note_transfer_id ON message_note (transfer_id);

CREATE TRIGGER message_note_no_update BEFORE UPDATE ON message_note
BEGIN SELECT RAISE(ABORT, 'message_note is append-only'); END;

CREATE TRIGGER message_note_no_delete BEFORE DELETE ON message_note
BEGIN SELECT RAISE(ABORT, 'message_note is append-only'); END;
