-- What an account chose for one kind of event; without a row its notices come at once.
CREATE TABLE notice_choice (
    person_id BLOB NOT NULL REFERENCES person (id),
    event TEXT NOT NULL,
    way TEXT NOT NULL,
    PRIMARY KEY (person_id, event)
);

-- What waits for the next collected mail: that something happened, and nothing of what.
CREATE TABLE notice_pending (
    id BLOB NOT NULL,
    person_id BLOB NOT NULL REFERENCES person (id),
    event TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX notice_pending_person_id_created_at ON notice_pending (person_id, created_at);

CREATE INDEX notice_pending_created_at ON notice_pending (created_at);
