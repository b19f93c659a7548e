-- Tables of orders that are marked as sales records (销售记录). Each mark says what the columns mean; an empty mapping takes the
-- mark off. The newest row of an item holds, and nothing is changed. An act restates the sums of its whole lead, as an
-- order that stands in several tables is counted once: those of the newest row of a lead hold.
CREATE TABLE sales_table (
    id BYTEA NOT NULL,
    lead_id BYTEA NOT NULL REFERENCES lead (id),
    evidence_id BYTEA NOT NULL REFERENCES evidence (id),
    mapping TEXT NOT NULL,
    recorded_by BYTEA NOT NULL REFERENCES person (id),
    "at" BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX sales_table_lead_id_id ON sales_table (lead_id, id);
CREATE INDEX sales_table_evidence_id_id ON sales_table (evidence_id, id);

-- What each table of the lead comes to. `table_id`: the row that says what its columns mean.
CREATE TABLE sales_total (
    act_id BYTEA NOT NULL REFERENCES sales_table (id),
    evidence_id BYTEA NOT NULL REFERENCES evidence (id),
    table_id BYTEA NOT NULL REFERENCES sales_table (id),
    counted BIGINT NOT NULL,
    units BIGINT NOT NULL,
    fen BIGINT NOT NULL,
    excluded BIGINT NOT NULL,
    merged BIGINT NOT NULL,
    faults BIGINT NOT NULL,
    fault_rows TEXT NOT NULL,
    first_on DATE,
    last_on DATE,
    PRIMARY KEY (act_id, evidence_id)
);

-- The same by shop and product.
CREATE TABLE sales_sum (
    act_id BYTEA NOT NULL REFERENCES sales_table (id),
    evidence_id BYTEA NOT NULL REFERENCES evidence (id),
    number INTEGER NOT NULL,
    shop TEXT NOT NULL,
    product TEXT NOT NULL,
    counted BIGINT NOT NULL,
    units BIGINT NOT NULL,
    fen BIGINT NOT NULL,
    faults BIGINT NOT NULL,
    first_on DATE,
    last_on DATE,
    PRIMARY KEY (act_id, evidence_id, number)
);

CREATE TRIGGER sales_table_no_update BEFORE UPDATE ON sales_table
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER sales_table_no_delete BEFORE DELETE ON sales_table
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER sales_table_no_truncate BEFORE TRUNCATE ON sales_table
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER sales_total_no_update BEFORE UPDATE ON sales_total
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER sales_total_no_delete BEFORE DELETE ON sales_total
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER sales_total_no_truncate BEFORE TRUNCATE ON sales_total
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER sales_sum_no_update BEFORE UPDATE ON sales_sum
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER sales_sum_no_delete BEFORE DELETE ON sales_sum
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER sales_sum_no_truncate BEFORE TRUNCATE ON sales_sum
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
