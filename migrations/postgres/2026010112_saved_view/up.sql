CREATE TABLE saved_view (
    id BYTEA NOT NULL,
    owner_id BYTEA NOT NULL REFERENCES person (id),
    scope TEXT NOT NULL,
    list TEXT NOT NULL,
    name TEXT NOT NULL,
    asked TEXT NOT NULL,
    is_shared BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE UNIQUE INDEX saved_view_owner_id_list_name ON saved_view (owner_id, list, name);

CREATE INDEX saved_view_scope_list ON saved_view (scope, list);

CREATE TABLE usual_view (
    person_id BYTEA NOT NULL REFERENCES person (id),
    list TEXT NOT NULL,
    view_id BYTEA NOT NULL REFERENCES saved_view (id),
    PRIMARY KEY (person_id, list)
);

CREATE INDEX usual_view_view_id ON usual_view (view_id);
