CREATE TABLE unsent (
    person_id BYTEA NOT NULL REFERENCES person (id),
    id BYTEA NOT NULL,
    word BYTEA NOT NULL,
    form TEXT NOT NULL,
    page TEXT NOT NULL,
    fields BYTEA NOT NULL,
    saved_at BIGINT NOT NULL,
    size INTEGER NOT NULL,
    PRIMARY KEY (person_id, id)
);

CREATE INDEX unsent_saved_at ON unsent (saved_at);
