CREATE TABLE unsent (
    person_id BLOB NOT NULL REFERENCES person (id),
    id BLOB NOT NULL,
    word BLOB NOT NULL,
    form TEXT NOT NULL,
    page TEXT NOT NULL,
    fields BLOB NOT NULL,
    saved_at BIGINT NOT NULL,
    size INTEGER NOT NULL,
    PRIMARY KEY (person_id, id)
);

CREATE INDEX unsent_saved_at ON unsent (saved_at);
