-- The first page of a manager has the figures of the year: of each transfer that came to a stage in it, whether its lead had come
-- there before. So the indexes have all that is asked, and no row is read for it: there are as many of them as leads in a year.
DROP INDEX transfer_sent_at_seq;
DROP INDEX transfer_received_at;
DROP INDEX transfer_accepted_at;

CREATE INDEX transfer_sent_at_seq ON transfer (sent_at, seq, lead_id);

CREATE INDEX transfer_received_at_seq ON transfer (received_at, seq, lead_id);

CREATE INDEX transfer_accepted_at_seq ON transfer (accepted_at, seq, lead_id);

CREATE INDEX transfer_lead_id_stages ON transfer (lead_id, sent_at, received_at, accepted_at, seq);
