CREATE TABLE access (
    object_id BLOB NOT NULL,
    agency_id BLOB NOT NULL REFERENCES agency (id),
    kind TEXT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (object_id, agency_id)
);

CREATE INDEX access_agency_id_kind_object_id ON access (agency_id, kind, object_id);
