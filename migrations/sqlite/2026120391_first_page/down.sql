DROP INDEX transfer_lead_id_stages;
DROP INDEX transfer_accepted_at_seq;
DROP INDEX transfer_received_at_seq;
DROP INDEX transfer_sent_at_seq;

CREATE INDEX transfer_sent_at_seq ON transfer (sent_at, seq);

CREATE INDEX transfer_received_at ON transfer (received_at);

CREATE INDEX transfer_accepted_at ON transfer (accepted_at);
