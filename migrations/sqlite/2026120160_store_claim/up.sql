-- Which evidence store is moved into, and by which run of the command: a row of each, renewed while it lives.
CREATE TABLE store_claim (
    store TEXT NOT NULL,
    holder BLOB NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (store)
);
