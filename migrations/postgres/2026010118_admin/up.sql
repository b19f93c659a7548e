-- What an administrator said of the first-run guide: that a step is done which the program can't see, or that the
-- guide is put away.
CREATE TABLE setup_mark (
    step TEXT NOT NULL,
    detail TEXT NOT NULL,
    person_id BYTEA NOT NULL REFERENCES person (id),
    marked_at BIGINT NOT NULL,
    PRIMARY KEY (step)
);
