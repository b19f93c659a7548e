-- What became of each row of an act over many: what its page shows, for some days.
CREATE TABLE bulk_result (
    id BYTEA NOT NULL,
    person_id BYTEA NOT NULL REFERENCES person (id),
    list TEXT NOT NULL,
    verb TEXT NOT NULL,
    back TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX bulk_result_created_at ON bulk_result (created_at);
