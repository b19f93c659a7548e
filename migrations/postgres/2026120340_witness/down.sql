DROP TABLE witnessed_log;

DROP TABLE audit_witness;

DROP TABLE audit_cosignature;
