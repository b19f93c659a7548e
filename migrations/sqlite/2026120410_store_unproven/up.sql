-- Objects that are being moved into a bucket and are not proven there yet: what a run that was killed left is proven by the next.
CREATE TABLE store_unproven (
    store TEXT NOT NULL,
    object_id BLOB NOT NULL,
    PRIMARY KEY (store, object_id)
);
